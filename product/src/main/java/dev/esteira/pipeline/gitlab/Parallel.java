package dev.esteira.pipeline.gitlab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code parallel}: a job many times, counted or with the values of a matrix. */
final class Parallel {
  private static final int JOBS_MAX = 200;

  /** One of the jobs; {@code index} counts from 1. */
  record Instance(String name, Map<String, String> variables, int index, int total) {}

  private Parallel() {}

  /** The instances; empty when the job runs once under its own name. */
  static List<Instance> read(Fields fields, String job, Node.Keys keys) {
    Optional<Node> node = keys.get("parallel");
    if (node.isEmpty()) {
      return List.of();
    }
    if (!(node.get() instanceof Node.Keys map)) {
      int total = fields.number(node.get(), "parallel", 1, JOBS_MAX).orElse(1);
      List<Instance> all = new ArrayList<>();
      for (int i = 1; i <= total; i++) {
        all.add(new Instance(job + " " + i + "/" + total, Map.of(), i, total));
      }
      return all;
    }
    fields.unknown(map, "parallel.", Set.of("matrix"));
    Optional<Node> matrix = map.get("matrix");
    if (matrix.isEmpty()) {
      fields.problems().error(map.place(), "'parallel' has neither a number nor a 'matrix'");
      return List.of();
    }
    List<Map<String, String>> combinations = new ArrayList<>();
    for (Map<String, List<String>> entry : matrix(fields, matrix.get(), "parallel.matrix")) {
      combine(entry, combinations);
    }
    if (combinations.size() > JOBS_MAX) {
      fields
          .problems()
          .error(
              matrix.get().place(),
              "'parallel.matrix' makes more than " + JOBS_MAX + " jobs of '" + job + "'");
      return List.of();
    }
    List<Instance> all = new ArrayList<>();
    for (Map<String, String> values : combinations) {
      String name = job + ": [" + String.join(", ", values.values()) + "]";
      all.add(new Instance(name, values, all.size() + 1, combinations.size()));
    }
    return all;
  }

  /** The entries of a matrix, as lists of values by variable. */
  static List<Map<String, List<String>>> matrix(Fields fields, Node node, String name) {
    List<Map<String, List<String>>> all = new ArrayList<>();
    List<Node> items = node instanceof Node.Items list ? Node.flat(list) : List.of(node);
    for (Node item : items) {
      Map<String, List<String>> entry = new LinkedHashMap<>();
      fields
          .keys(item, name)
          .ifPresent(k ->
              k.entries()
                  .forEach(e -> {
                    List<String> values = fields.texts(e.value(), name + "." + e.key());
                    if (!values.isEmpty()) {
                      entry.put(e.key(), values);
                    }
                  }));
      if (!entry.isEmpty()) {
        all.add(entry);
      }
    }
    return all;
  }

  private static void combine(
      Map<String, List<String>> entry, List<Map<String, String>> combinations) {
    List<Map<String, String>> rows = new ArrayList<>();
    rows.add(Map.of());
    for (Map.Entry<String, List<String>> column : entry.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> row : rows) {
        for (String value : column.getValue()) {
          Map<String, String> one = new LinkedHashMap<>(row);
          one.put(column.getKey(), value);
          longer.add(one);
          if (longer.size() > JOBS_MAX) {
            combinations.addAll(longer);
            return;
          }
        }
      }
      rows = longer;
    }
    combinations.addAll(rows);
  }
}
