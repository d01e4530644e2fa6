package dev.esteira.pipeline.gitlab;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code variables} as the file has them: texts, or mappings of value and more. */
final class YamlVariables {
  private static final Set<String> KNOWN = Set.of("value", "expand", "description", "options");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_]\\w*");

  private final Fields fields;

  /** One variable; {@code expand} is false when its dollar signs mean themselves. */
  record Variable(String value, boolean expand, Place place) {
    /**
     * As a plan takes it: in a plan's values {@code $NAME} refers to others and {@code $$} is a
     * dollar sign.
     */
    String planned() {
      return expand ? value : value.replace("$", "$$");
    }
  }

  YamlVariables(Fields fields) {
    this.fields = fields;
  }

  Map<String, Variable> read(Node.Keys parent, String where) {
    Map<String, Variable> all = new LinkedHashMap<>();
    Optional<Node> node = parent.get("variables");
    if (node.isEmpty() || (node.get() instanceof Node.Items list && list.items().isEmpty())) {
      return all;
    }
    fields
        .keys(node.get(), where + "variables")
        .ifPresent(keys ->
            keys.entries().forEach(e -> all.put(e.key(), variable(e, where + "variables."))));
    all.forEach((name, v) -> {
      if (!NAME.matcher(name).matches()) {
        fields
            .problems()
            .notice(v.place(), "a shell cannot refer to a variable named '" + name + "'");
      }
    });
    return all;
  }

  private Variable variable(Node.Entry entry, String where) {
    if (!(entry.value() instanceof Node.Keys keys)) {
      String text = fields.text(entry.value(), where + entry.key()).orElse("");
      return new Variable(text, true, entry.place());
    }
    fields.unknown(keys, where + entry.key() + ".", KNOWN);
    String value = fields.text(keys, "value", where).orElse("");
    List<String> options = fields.texts(keys, "options", where);
    if (!options.isEmpty() && !options.contains(value)) {
      fields
          .problems()
          .error(
              keys.placeOf("options"),
              "'%s' must be one of its options %s, but it is '%s'"
                  .formatted(where + entry.key(), options, value));
    }
    return new Variable(value, fields.flag(keys, "expand", where).orElse(true), entry.place());
  }

  /** An error for each circle of variables that refer to each other. */
  void checkCircles(Map<String, Variable> variables) {
    Set<String> done = new HashSet<>();
    for (String name : variables.keySet()) {
      walk(name, variables, new ArrayList<>(), done);
    }
  }

  private void walk(
      String name, Map<String, Variable> variables, List<String> path, Set<String> done) {
    int at = path.indexOf(name);
    Variable variable = variables.get(name);
    if (variable == null || !variable.expand()) {
      return;
    }
    if (at >= 0 && at < path.size() - 1) {
      List<String> circle = new ArrayList<>(path.subList(at, path.size()));
      circle.add(name);
      fields
          .problems()
          .error(
              variable.place(),
              "variables refer to each other in a circle: " + String.join(" -> ", circle));
    }
    if (at >= 0 || !done.add(name)) {
      return;
    }
    path.add(name);
    Scope.names(variable.value()).forEach(n -> walk(n, variables, path, done));
    path.removeLast();
  }
}
