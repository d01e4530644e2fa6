package dev.esteira.pipeline.gitlab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code needs} and {@code dependencies} of a job. */
final class Needs {
  private static final int NEEDS_MAX = 50;
  private static final Pattern MATRIX =
      Pattern.compile("\\$\\[\\[\\s*matrix\\.([\\w-]+)\\s*\\]\\]");

  private final Fields fields;

  /**
   * A job that is waited for.
   *
   * @param matrix which of its instances, by their variables; empty: all
   */
  record Need(
      String job,
      boolean artifacts,
      boolean optional,
      List<Map<String, List<String>>> matrix,
      Place place) {
    Need {
      matrix = List.copyOf(matrix);
    }
  }

  /** A job named elsewhere. */
  record Named(String job, Place place) {}

  Needs(Fields fields) {
    this.fields = fields;
  }

  /** Empty when nothing is written; an empty list waits for nobody. */
  Optional<List<Need>> needs(Node node) {
    List<Need> needs = new ArrayList<>();
    List<Node> items = node instanceof Node.Items list ? Node.flat(list) : List.of(node);
    boolean elsewhere = false;
    for (Node item : items) {
      if (item instanceof Node.Keys keys && (keys.has("pipeline") || keys.has("project"))) {
        elsewhere = true;
        fields
            .problems()
            .notice(
                keys.place(),
                "'needs' of another pipeline or project is not supported: its artifacts do not"
                    + " come");
      } else if (!item.isNull()) {
        need(item).ifPresent(needs::add);
      }
    }
    if (needs.size() > NEEDS_MAX) {
      fields
          .problems()
          .error(
              node.place(),
              "one job can need only " + NEEDS_MAX + " others, but here are " + needs.size());
    }
    return elsewhere && needs.isEmpty() ? Optional.empty() : Optional.of(needs);
  }

  private Optional<Need> need(Node item) {
    if (!(item instanceof Node.Keys keys)) {
      return fields
          .text(item, "needs")
          .map(job -> new Need(job, true, false, List.of(), item.place()));
    }
    fields.unknown(keys, "needs.", Set.of("job", "artifacts", "optional", "parallel"));
    Optional<String> job = fields.text(keys, "job", "needs.");
    if (job.isEmpty()) {
      fields.problems().error(keys.place(), "an entry of 'needs' has no 'job'");
      return Optional.empty();
    }
    List<Map<String, List<String>>> matrix =
        keys.get("parallel")
            .flatMap(n -> fields.keys(n, "needs.parallel"))
            .flatMap(k -> k.get("matrix"))
            .map(n -> Parallel.matrix(fields, n, "needs.parallel.matrix"))
            .orElse(List.of());
    return Optional.of(
        new Need(
            job.get(),
            fields.flag(keys, "artifacts", "needs.").orElse(true),
            fields.flag(keys, "optional", "needs.").orElse(false),
            matrix,
            keys.placeOf("job")));
  }

  Optional<List<Named>> dependencies(Node.Keys job) {
    Optional<Node> node = job.get("dependencies");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    List<Named> all = new ArrayList<>();
    List<Node> items =
        node.get() instanceof Node.Items list ? Node.flat(list) : List.of(node.get());
    for (Node item : items) {
      if (!item.isNull()) {
        fields.text(item, "dependencies").ifPresent(t -> all.add(new Named(t, item.place())));
      }
    }
    return Optional.of(all);
  }

  /** The same with the values of the instance that needs it in place of {@code $[[ matrix.X ]]}. */
  static Need of(Need need, Map<String, String> instance) {
    List<Map<String, List<String>>> matrix = new ArrayList<>();
    for (Map<String, List<String>> entry : need.matrix()) {
      Map<String, List<String>> own = new LinkedHashMap<>();
      entry.forEach(
          (name, values) -> own.put(name, values.stream().map(v -> filled(v, instance)).toList()));
      matrix.add(own);
    }
    return new Need(need.job(), need.artifacts(), need.optional(), matrix, need.place());
  }

  private static String filled(String value, Map<String, String> instance) {
    return MATRIX
        .matcher(value)
        .replaceAll(m -> Matcher.quoteReplacement(instance.getOrDefault(m.group(1), m.group())));
  }

  /** Whether an instance with these variables is one that the matrix selects. */
  static boolean selects(List<Map<String, List<String>>> matrix, Map<String, String> instance) {
    return matrix.isEmpty()
        || matrix.stream()
            .anyMatch(m ->
                m.entrySet().stream()
                    .allMatch(e -> e.getValue().contains(instance.get(e.getKey()))));
  }
}
