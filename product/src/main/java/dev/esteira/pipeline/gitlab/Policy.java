package dev.esteira.pipeline.gitlab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code only} or {@code except}: what is written must hold, each part of it.
 *
 * @param refs names, patterns and keywords, one of which must match; empty: not asked
 * @param variables one of which must hold
 */
record Policy(
    Place place,
    Optional<List<String>> refs,
    Optional<List<Rule.Condition>> variables,
    Optional<List<String>> changes,
    boolean kubernetes) {
  static final List<String> USUAL = List.of("branches", "tags");
  private static final Set<String> KNOWN = Set.of("refs", "variables", "changes", "kubernetes");

  /** What holds when neither {@code only} nor {@code rules} are written. */
  static Policy usual(Place place) {
    return new Policy(place, Optional.of(USUAL), Optional.empty(), Optional.empty(), false);
  }

  /** Takes it out of a job; an {@code only} without refs has the usual ones. */
  static Optional<Policy> read(Fields fields, Node.Keys job, String key) {
    Optional<Node> node = job.get(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    boolean only = key.equals("only");
    if (!(node.get() instanceof Node.Keys keys)) {
      List<String> refs = fields.texts(node.get(), key);
      return Optional.of(
          new Policy(
              job.placeOf(key),
              Optional.of(checked(fields, refs, node.get())),
              Optional.empty(),
              Optional.empty(),
              false));
    }
    fields.unknown(keys, key + ".", KNOWN);
    Optional<List<String>> refs =
        keys.get("refs").map(n -> checked(fields, fields.texts(n, key + ".refs"), n));
    Optional<String> kubernetes = fields.text(keys, "kubernetes", key + ".");
    if (kubernetes.isPresent() && !kubernetes.get().equals("active")) {
      fields
          .problems()
          .error(keys.placeOf("kubernetes"), "'" + key + ".kubernetes' can only be 'active'");
    }
    return Optional.of(
        new Policy(
            job.placeOf(key),
            refs.or(() -> only ? Optional.of(USUAL) : Optional.empty()),
            keys.get("variables").map(n -> conditions(fields, n, key)),
            keys.get("changes").map(n -> fields.texts(n, key + ".changes")),
            kubernetes.isPresent()));
  }

  private static List<String> checked(Fields fields, List<String> refs, Node node) {
    for (String ref : refs) {
      String pattern = withoutPath(ref);
      if (Patterns.looksLikeOne(pattern) && Patterns.of(pattern).isEmpty()) {
        fields.problems().error(node.place(), "'" + ref + "' is no valid pattern");
      }
    }
    return refs;
  }

  /** {@code main@group/project}: the part before the project. */
  static String withoutPath(String ref) {
    int at = ref.indexOf('@');
    return at > 0 ? ref.substring(0, at) : ref;
  }

  private static List<Rule.Condition> conditions(Fields fields, Node node, String key) {
    List<Rule.Condition> all = new ArrayList<>();
    Rule.Reader reader = new Rule.Reader(fields, List.of());
    List<Node> items = node instanceof Node.Items list ? Node.flat(list) : List.of(node);
    items.forEach(i -> reader.condition(i, key + ".variables").ifPresent(all::add));
    return all;
  }
}
