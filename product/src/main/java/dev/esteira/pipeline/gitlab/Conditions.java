package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Runs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides rules and policies for one event and commit. */
final class Conditions {
  private static final int COMPARISONS_MAX = 50_000;
  private static final int RULES_SHOWN_MAX = 5;
  private static final String NO_COMMIT = "0".repeat(40);

  private final Dialect.Tree tree;
  private final Runs.Request request;
  private final Problems problems;
  private final Map<String, Optional<Set<String>>> changed = new HashMap<>();
  private Optional<Set<String>> files = Optional.empty();

  Conditions(Dialect.Tree tree, Runs.Request request, Problems problems) {
    this.tree = tree;
    this.request = request;
    this.problems = problems;
  }

  Dialect.Tree tree() {
    return tree;
  }

  /** Whether a project and ref are what is planned right now. */
  boolean isThisCommit(String project, Optional<String> ref) {
    return project.equals(request.project()) && ref.equals(Optional.of(request.commit()));
  }

  /** Whether an include's own rules let it in. */
  boolean includes(Node.Keys include, Scope scope) {
    Rule.Reader reader = new Rule.Reader(new Fields(problems), List.of("always", "never"));
    return reader
        .read(include, "include.")
        .map(rules -> first(rules, scope, include.place(), Optional.empty()).created())
        .orElse(true);
  }

  /** The first rule that holds decides; when none does, nothing is created. */
  Verdict first(List<Rule> rules, Scope scope, Place place, Optional<String> usualWhen) {
    Set<String> looked = new LinkedHashSet<>();
    for (Rule rule : rules) {
      if (holds(rule, scope, looked)) {
        boolean created = !rule.when().or(() -> usualWhen).equals(Optional.of("never"));
        return new Verdict(
            created,
            (created ? "rule holds: " : "rule says never: ") + rule.shown(),
            rule.place(),
            Optional.of(rule),
            looked);
      }
    }
    String none =
        rules.isEmpty()
            ? "its list of rules is empty"
            : "no rule holds: "
                + rules.stream()
                    .limit(RULES_SHOWN_MAX)
                    .map(Rule::shown)
                    .collect(Collectors.joining(" | "));
    return new Verdict(false, none, place, Optional.empty(), looked);
  }

  private boolean holds(Rule rule, Scope scope, Set<String> looked) {
    rule.condition().ifPresent(c -> looked.addAll(c.expression().names()));
    return rule.condition().map(c -> c.expression().holds(scope)).orElse(true)
        && rule.changes().map(c -> changes(c, rule.place(), scope)).orElse(true)
        && rule.exists().map(e -> exists(e, rule.place(), scope)).orElse(true);
  }

  /** Every part of {@code only} and none of {@code except}. */
  Verdict policies(Policy only, Optional<Policy> except, Scope scope) {
    Set<String> looked = new LinkedHashSet<>();
    Optional<String> missing = unmet(only, scope, looked);
    if (missing.isPresent()) {
      return new Verdict(false, missing.get(), only.place(), Optional.empty(), looked);
    }
    Optional<String> excluded = except.flatMap(e -> met(e, scope, looked));
    if (excluded.isPresent()) {
      return new Verdict(false, excluded.get(), except.get().place(), Optional.empty(), looked);
    }
    return new Verdict(
        true,
        only.refs()
                .map(refs -> "only: " + String.join(", ", refs) + " matches ")
                .orElse("except: nothing of it holds for ")
            + event(),
        only.place(),
        Optional.empty(),
        looked);
  }

  private Optional<String> unmet(Policy only, Scope scope, Set<String> looked) {
    only.variables().ifPresent(v -> v.forEach(c -> looked.addAll(c.expression().names())));
    if (only.refs().isPresent() && !refs(only.refs().get())) {
      return Optional.of(
          "only: " + String.join(", ", only.refs().get()) + " does not match " + event());
    }
    if (only.variables().isPresent() && !anyHolds(only.variables().get(), scope)) {
      return Optional.of("only: none of its variables' conditions holds");
    }
    if (only.changes().isPresent() && !changed(only.changes().get(), scope)) {
      return Optional.of("only: none of its paths changed");
    }
    return only.kubernetes() && !kubernetes(scope)
        ? Optional.of("only: kubernetes is not active: there is no variable KUBECONFIG")
        : Optional.empty();
  }

  private Optional<String> met(Policy except, Scope scope, Set<String> looked) {
    except.variables().ifPresent(v -> v.forEach(c -> looked.addAll(c.expression().names())));
    if (except.refs().isPresent() && refs(except.refs().get())) {
      return Optional.of(
          "except: " + String.join(", ", except.refs().get()) + " matches " + event());
    }
    if (except.variables().isPresent() && anyHolds(except.variables().get(), scope)) {
      return Optional.of("except: one of its variables' conditions holds");
    }
    if (except.changes().isPresent() && changed(except.changes().get(), scope)) {
      return Optional.of("except: one of its paths changed");
    }
    return except.kubernetes() && kubernetes(scope)
        ? Optional.of("except: kubernetes is active")
        : Optional.empty();
  }

  private static boolean anyHolds(List<Rule.Condition> conditions, Scope scope) {
    return conditions.stream().anyMatch(c -> c.expression().holds(scope));
  }

  private static boolean kubernetes(Scope scope) {
    return scope.value("KUBECONFIG").isPresent();
  }

  private String event() {
    return (Event.merge(request) ? "a merge request" : request.ref())
        + " ("
        + request.source()
        + ")";
  }

  private boolean refs(List<String> refs) {
    return refs.stream().anyMatch(this::ref);
  }

  private boolean ref(String written) {
    String ref = Policy.withoutPath(written);
    boolean here =
        ref.length() == written.length()
            || written.substring(ref.length() + 1).equals(request.project());
    if (!here) {
      return false;
    }
    String source = request.source().replaceFirst("_event$", "");
    if (ref.equals(source) || ref.equals(plural(source))) {
      return true;
    }
    if (Event.merge(request)) {
      return false;
    }
    String name = Event.refName(request);
    return (ref.equals("branches") && request.branch().isPresent())
        || (ref.equals("tags") && request.tag().isPresent())
        || Patterns.of(ref).map(p -> Patterns.found(p, name)).orElse(ref.equals(name));
  }

  private static String plural(String source) {
    return switch (source) {
      case "push" -> "pushes";
      case "api", "web", "chat", "external" -> source;
      default -> source + "s";
    };
  }

  private boolean changes(Rule.Changes changes, Place place, Scope scope) {
    if (changes.compareTo().isEmpty()) {
      return changed(changes.paths(), scope);
    }
    String from = scope.expand(changes.compareTo().get());
    Optional<Set<String>> paths = between(from);
    if (paths.isEmpty()) {
      problems.error(place, "'compare_to: " + from + "' is no ref of this project");
    }
    return paths.map(p -> matches(changes.paths(), p, scope)).orElse(false);
  }

  /** When it cannot be known what changed, everything did. */
  private boolean changed(List<String> globs, Scope scope) {
    Optional<String> base =
        Event.merge(request)
            ? Optional.ofNullable(request.facts().get("merge_request.diff_base_sha"))
                .or(() -> Optional.ofNullable(request.facts().get("merge_request.target")))
            : request.branch().isPresent() ? request.before() : Optional.empty();
    return base.filter(b -> !b.equals(NO_COMMIT))
        .flatMap(this::between)
        .map(paths -> matches(globs, paths, scope))
        .orElse(true);
  }

  private Optional<Set<String>> between(String from) {
    return changed.computeIfAbsent(
        from, f -> tree.changed(f, request.commit()).map(LinkedHashSet::new));
  }

  private static boolean matches(List<String> globs, Set<String> paths, Scope scope) {
    List<String> expanded = globs.stream().map(scope::expand).toList();
    return (long) expanded.size() * paths.size() > COMPARISONS_MAX
        || Globs.anyMatches(expanded, paths);
  }

  private boolean exists(Rule.Exists exists, Place place, Scope scope) {
    if (exists.project().isEmpty()) {
      if (files.isEmpty()) {
        files = Optional.of(new HashSet<>(tree.files()));
      }
      return matches(exists.paths(), files.get(), scope);
    }
    String project = scope.expand(exists.project().get());
    Optional<Dialect.Tree> other = tree.other(project, exists.ref().map(scope::expand));
    if (other.isEmpty()) {
      problems.error(place, "'exists.project: " + project + "' is no project or ref of this house");
    }
    return other.map(t -> matches(exists.paths(), new HashSet<>(t.files()), scope)).orElse(false);
  }
}
