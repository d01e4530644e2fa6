package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.AutoCancel;
import dev.esteira.pipeline.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One of {@code rules}: its conditions, all of which must hold, and what it changes then. */
record Rule(
    Place place,
    Optional<Condition> condition,
    Optional<Changes> changes,
    Optional<Exists> exists,
    Optional<String> when,
    Optional<Long> startInSeconds,
    Optional<Flow.AllowFailure> allowFailure,
    Map<String, YamlVariables.Variable> variables,
    Optional<Node> needs,
    Optional<Boolean> interruptible,
    Optional<AutoCancel> autoCancel) {
  /** An expression as written and as understood. */
  record Condition(String text, Expression expression) {}

  /** Globs of paths, one of which must have changed. */
  record Changes(List<String> paths, Optional<String> compareTo) {}

  /** Globs of paths, one of which must be there. */
  record Exists(List<String> paths, Optional<String> project, Optional<String> ref) {}

  /** In one line, for people. */
  String shown() {
    List<String> parts = new ArrayList<>();
    condition.ifPresent(c -> parts.add("if: " + c.text()));
    changes.ifPresent(c -> parts.add("changes: " + String.join(", ", c.paths())));
    exists.ifPresent(e -> parts.add("exists: " + String.join(", ", e.paths())));
    when.ifPresent(w -> parts.add("when: " + w));
    return parts.isEmpty() ? "a rule without conditions" : String.join("; ", parts);
  }

  /** Takes rules out of nodes. */
  static final class Reader {
    private static final int PATHS_MAX = 50;
    private static final Set<String> KNOWN =
        Set.of(
            "if",
            "changes",
            "exists",
            "when",
            "allow_failure",
            "variables",
            "needs",
            "interruptible",
            "start_in");
    private static final Set<String> OF_WORKFLOW =
        Set.of("if", "changes", "exists", "when", "variables", "auto_cancel");

    private final Fields fields;
    private final List<String> whens;
    private final Set<String> known;
    private final Optional<AutoCancel> outer;

    private Reader(
        Fields fields, List<String> whens, Set<String> known, Optional<AutoCancel> outer) {
      this.fields = fields;
      this.whens = whens;
      this.known = known;
      this.outer = outer;
    }

    Reader(Fields fields, List<String> whens) {
      this(fields, whens, KNOWN, Optional.empty());
    }

    /** {@code outer} is what a rule changes when it says so. */
    static Reader ofWorkflow(Fields fields, AutoCancel outer) {
      return new Reader(fields, List.of("always", "never"), OF_WORKFLOW, Optional.of(outer));
    }

    /** The rules under {@code rules}; empty when there are none. */
    Optional<List<Rule>> read(Node.Keys parent, String where) {
      Optional<Node> node = parent.get("rules");
      if (node.isEmpty()) {
        return Optional.empty();
      }
      if (!(node.get() instanceof Node.Items list)) {
        fields
            .problems()
            .error(
                node.get().place(),
                "'%srules' must be a list, but it is %s".formatted(where, node.get().kind()));
        return Optional.empty();
      }
      List<Rule> rules = new ArrayList<>();
      for (Node item : Node.flat(list)) {
        fields.keys(item, where + "rules").ifPresent(k -> rules.add(rule(k, where + "rules.")));
      }
      return Optional.of(List.copyOf(rules));
    }

    private Rule rule(Node.Keys rule, String where) {
      fields.unknown(rule, where, known);
      Optional<String> when =
          rule.has("when")
              ? Optional.of(fields.word(rule, "when", where, whens, whens.getFirst()))
              : Optional.empty();
      Optional<Long> startIn = fields.seconds(rule, "start_in", where);
      if (when.equals(Optional.of("delayed")) && startIn.isEmpty()) {
        fields.problems().error(rule.placeOf("when"), "'when: delayed' needs 'start_in'");
      }
      return new Rule(
          rule.place(),
          rule.get("if").flatMap(n -> condition(n, where + "if")),
          rule.get("changes").flatMap(n -> changes(n, where)),
          rule.get("exists").flatMap(n -> exists(n, where)),
          when,
          startIn,
          rule.get("allow_failure").flatMap(n -> FlowReader.allowFailure(fields, n)),
          new YamlVariables(fields).read(rule, where),
          rule.get("needs"),
          fields.flag(rule, "interruptible", where),
          outer.map(usual -> AutoCancelReader.read(fields, rule, where, usual)));
    }

    Optional<Condition> condition(Node node, String name) {
      Optional<String> text = fields.text(node, name);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(new Condition(text.get(), Expression.parse(text.get())));
      } catch (ExpressionParser.Refused e) {
        fields
            .problems()
            .error(
                node.place(), "'%s: %s' is no condition: %s".formatted(name, text.get(), e.why()));
        return Optional.empty();
      }
    }

    private Optional<Changes> changes(Node node, String where) {
      Optional<String> compareTo = Optional.empty();
      Node paths = node;
      if (node instanceof Node.Keys keys) {
        fields.unknown(keys, where + "changes.", Set.of("paths", "compare_to"));
        compareTo = fields.text(keys, "compare_to", where + "changes.");
        paths = keys.get("paths").orElse(new Node.Items(List.of(), keys.place()));
      }
      return Optional.of(new Changes(paths(paths, where + "changes"), compareTo));
    }

    private Optional<Exists> exists(Node node, String where) {
      if (node instanceof Node.Keys keys) {
        fields.unknown(keys, where + "exists.", Set.of("paths", "project", "ref"));
        return Optional.of(
            new Exists(
                fields.texts(keys, "paths", where + "exists."),
                fields.text(keys, "project", where + "exists."),
                fields.text(keys, "ref", where + "exists.")));
      }
      return Optional.of(
          new Exists(paths(node, where + "exists"), Optional.empty(), Optional.empty()));
    }

    private List<String> paths(Node node, String name) {
      List<String> paths = fields.texts(node, name);
      if (paths.size() > PATHS_MAX) {
        fields
            .problems()
            .error(node.place(), "'%s' has more than %d paths".formatted(name, PATHS_MAX));
      }
      return paths;
    }
  }
}
