package dev.esteira.pipeline.gitlab;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Dialect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code include}: files of the commit, of other projects, from the net, laid one over the other
 * and under the file that includes them. At most {@value #FILES_MAX} files in all.
 */
final class Includes {
  static final int FILES_MAX = 150;
  private static final List<String> KINDS =
      List.of("local", "project", "remote", "template", "component", "artifact");
  private static final String TEMPLATES = "gitlab-org/gitlab";

  private final Fields fields;
  private final Problems problems;
  private final Scope scope;
  private final GitlabDialect.Projects projects;
  private final Conditions conditions;
  private final Deque<String> open = new ArrayDeque<>();
  private int files;
  private boolean withoutScanners;

  /** Where the local files of a file are looked for, and how they are called. */
  private record Origin(Dialect.Tree tree, String prefix) {}

  /** A file that was asked for. */
  private record Found(String name, String text, Origin origin, Map<String, String> component) {
    Found(String name, String text, Origin origin) {
      this(name, text, origin, Map.of());
    }
  }

  Includes(Problems problems, Scope scope, GitlabDialect.Projects projects, Conditions conditions) {
    this.problems = problems;
    this.fields = new Fields(problems);
    this.scope = scope;
    this.projects = projects;
    this.conditions = conditions;
  }

  /** The whole configuration that begins with this file. */
  Node.Keys whole(String file, String text, Dialect.Tree tree) {
    Found first = new Found(file, text, new Origin(tree, ""));
    return loaded(first, Map.of(), new Place(file, 1));
  }

  /** Whether templates were left out, so that jobs that only change theirs have no script. */
  boolean withoutScanners() {
    return withoutScanners;
  }

  private Node.Keys loaded(Found found, Map<String, Node> inputs, Place from) {
    ConfigFile file = ConfigFile.read(found.name(), found.text(), problems);
    Node.Keys own = new Inputs(problems, scope).applied(file, inputs, found.component(), from);
    Optional<Node> include = own.get("include");
    Node.Keys rest = own.without("include");
    if (include.isEmpty()) {
      return rest;
    }
    open.addLast(found.name());
    Node base = new Node.Keys(Map.of(), own.place());
    List<Node> entries =
        include.get() instanceof Node.Items list ? Node.flat(list) : List.of(include.get());
    for (Node entry : entries) {
      for (Node.Keys part : parts(entry, found.origin())) {
        base = Node.merged(base, part);
      }
    }
    open.removeLast();
    return Node.merged(base, rest) instanceof Node.Keys all
        ? new Node.Keys(all.map(), rest.place())
        : rest;
  }

  private List<Node.Keys> parts(Node entry, Origin origin) {
    if (entry instanceof Node.Text text) {
      String path = scope.expand(text.value());
      return path.matches("(?i)https?://.*")
          ? loaded(remote(path, text.place()), Map.of(), text.place())
          : loaded(local(path, text.place(), origin), Map.of(), text.place());
    }
    Optional<Node.Keys> keys = fields.keys(entry, "include");
    if (keys.isEmpty()) {
      return List.of();
    }
    Node.Keys include = keys.get();
    List<String> kinds = KINDS.stream().filter(include::has).toList();
    if (kinds.size() != 1) {
      problems.error(
          include.place(),
          "an include names one of %s, but this one names %s"
              .formatted(String.join(", ", KINDS), kinds.isEmpty() ? "none" : kinds));
      return List.of();
    }
    if (!conditions.includes(include, scope)) {
      return List.of();
    }
    Map<String, Node> inputs = new LinkedHashMap<>();
    include
        .get("inputs")
        .flatMap(n -> fields.keys(n, "include.inputs"))
        .ifPresent(k -> k.entries().forEach(e -> inputs.put(e.key(), e.value())));
    Place place = include.placeOf(kinds.getFirst());
    return loaded(found(kinds.getFirst(), include, origin, place), inputs, place);
  }

  private List<Node.Keys> loaded(List<Found> found, Map<String, Node> inputs, Place from) {
    List<Node.Keys> all = new ArrayList<>();
    for (Found file : found) {
      files++;
      if (files > FILES_MAX) {
        throw Problems.fatal(from, "more than " + FILES_MAX + " files are included");
      }
      if (open.contains(file.name())) {
        problems.error(
            from, "include goes in a circle: " + String.join(" -> ", open) + " -> " + file.name());
        return all;
      }
      all.add(loaded(file, inputs, from));
    }
    return all;
  }

  private List<Found> found(String kind, Node.Keys include, Origin origin, Place place) {
    String value =
        include
            .get(kind)
            .flatMap(n -> fields.text(n, "include." + kind))
            .map(scope::expand)
            .orElse("");
    return switch (kind) {
      case "local" -> local(value, place, origin);
      case "project" -> project(value, include, place);
      case "remote" -> remote(value, place);
      case "template" -> template(value, place);
      case "component" -> component(value, place);
      default -> {
        problems.error(place, "'include: artifact' stands under 'trigger' only");
        yield List.of();
      }
    };
  }

  private List<Found> local(String path, Place place, Origin origin) {
    String bare = path.replaceFirst("^\\.?/", "");
    if (!bare.endsWith(".yml") && !bare.endsWith(".yaml")) {
      problems.error(
          place, "'" + path + "' is included, but its name does not end in .yml or .yaml");
      return List.of();
    }
    if (bare.contains("*")) {
      Pattern glob = Globs.pattern(bare);
      List<Found> all =
          origin.tree().files().stream()
              .filter(f -> Patterns.found(glob, f))
              .sorted()
              .limit(FILES_MAX + 1)
              .flatMap(f -> read(f, origin).stream())
              .toList();
      if (all.isEmpty()) {
        problems.error(place, "'" + path + "' is included, but no file of the commit matches it");
      }
      return all;
    }
    Optional<Found> found = read(bare, origin);
    if (found.isEmpty()) {
      problems.error(place, "'" + path + "' is included, but the commit has no such file");
    }
    return found.stream().toList();
  }

  private static Optional<Found> read(String path, Origin origin) {
    return origin.tree().read(path).map(t -> new Found(origin.prefix() + path, t, origin));
  }

  private List<Found> project(String project, Node.Keys include, Place place) {
    Optional<String> ref = fields.text(include, "ref", "include.").map(scope::expand);
    List<String> paths =
        fields.texts(include, "file", "include.").stream().map(scope::expand).toList();
    if (paths.isEmpty()) {
      problems.error(place, "'include: project' needs 'file', the path of a file there");
      return List.of();
    }
    Optional<Origin> origin = project(project, ref, place);
    return origin
        .map(o -> paths.stream().flatMap(p -> local(p, place, o).stream()).toList())
        .orElse(List.of());
  }

  private Optional<Origin> project(String project, Optional<String> ref, Place place) {
    boolean here = conditions.isThisCommit(project, ref);
    Optional<Dialect.Tree> tree =
        here
            ? Optional.of(conditions.tree())
            : conditions.tree().other(project, ref.filter(r -> !r.equals("HEAD")));
    if (tree.isEmpty()) {
      problems.error(place, missing(project, ref));
    }
    return tree.map(t -> new Origin(t, here ? "" : project + "/"));
  }

  private String missing(String project, Optional<String> ref) {
    String what =
        "project '%s'%s is included, but "
            .formatted(project, ref.map(r -> " at '" + r + "'").orElse(""));
    if (!conditions.tree().knowsOthers()) {
      return what + "only this directory is read: a push to a house that has the project reads it";
    }
    return what
        + (conditions.tree().other(project, Optional.empty()).isPresent()
            ? "it has no such branch, tag or commit here"
            : "there is no such project here; next: ./esteira project create %s, and push its"
                    .formatted(project)
                + " repository there");
  }

  private List<Found> remote(String url, Place place) {
    try {
      Optional<String> text = projects.remote(url);
      if (text.isPresent()) {
        return List.of(
            new Found(url.replace(":", ""), text.get(), new Origin(path -> Optional.empty(), "")));
      }
      return notFetched(url, "it cannot be fetched from here", place);
    } catch (EsteiraException e) {
      return notFetched(url, e.text(), place);
    }
  }

  private List<Found> notFetched(String url, String why, Place place) {
    if (Templates.isScannersAddress(url)) {
      return leftOut("the template at '" + url + "'", place);
    }
    problems.error(place, "'" + url + "' is included, but " + why);
    return List.of();
  }

  private List<Found> template(String name, Place place) {
    Optional<Found> found =
        conditions
            .tree()
            .other(TEMPLATES, Optional.empty())
            .flatMap(t -> read("lib/gitlab/ci/templates/" + name, new Origin(t, TEMPLATES + "/")))
            .or(() ->
                Templates.known(name)
                    .map(t ->
                        new Found(
                            "template/" + name, t, new Origin(path -> Optional.empty(), ""))));
    if (found.isPresent()) {
      return List.of(found.get());
    }
    if (Templates.scans(name)) {
      return leftOut("the template '" + name + "'", place);
    }
    problems.error(
        place,
        "the template '%s' is GitLab's own and not part of this house; copy it into the"
                .formatted(name)
            + " repository and include it as 'local', or keep a copy of its repository here as"
            + " project '"
            + TEMPLATES
            + "'");
    return List.of();
  }

  /** Jobs that only look for weaknesses: a pipeline can do without. */
  private List<Found> leftOut(String what, Place place) {
    withoutScanners = true;
    problems.notice(
        place, what + " is GitLab's own and not part of this house: its jobs are left out");
    return List.of();
  }

  /** {@code HOST/PROJECT/NAME@VERSION}: {@code templates/NAME.yml} of that project. */
  private List<Found> component(String address, Place place) {
    int at = address.lastIndexOf('@');
    String[] path = (at < 0 ? address : address.substring(0, at)).split("/", -1);
    if (at < 0 || path.length < 3) {
      problems.error(
          place, "a component is written HOST/PROJECT/NAME@VERSION, not '" + address + "'");
      return List.of();
    }
    String asked = address.substring(at + 1);
    String project = String.join("/", List.of(path).subList(1, path.length - 1));
    String name = path[path.length - 1];
    if (Templates.isScanningComponent(project)
        && conditions.tree().other(project, Optional.empty()).isEmpty()) {
      return leftOut("the component '" + project + "/" + name + "'", place);
    }
    Optional<String> ref = version(project, asked, place);
    Optional<Origin> origin = project(project, ref, place);
    if (origin.isEmpty()) {
      return List.of();
    }
    Optional<Found> found =
        read("templates/" + name + ".yml", origin.get())
            .or(() -> read("templates/" + name + "/template.yml", origin.get()));
    String version = ref.orElse(asked);
    if (found.isEmpty()) {
      problems.error(
          place, "project '%s' has no templates/%s.yml at '%s'".formatted(project, name, version));
    }
    Map<String, String> facts =
        Map.of("name", name, "version", version, "reference", asked, "sha", version);
    return found.map(f -> new Found(f.name(), f.text(), f.origin(), facts)).stream().toList();
  }

  /** The ref that a component's version means; empty is the default branch. */
  private Optional<String> version(String project, String asked, Place place) {
    boolean latest = asked.equals(ComponentVersions.LATEST);
    Dialect.Tree tree = conditions.tree();
    if (!ComponentVersions.moves(asked)
        || (!latest && tree.other(project, Optional.of(asked)).isPresent())) {
      return Optional.of(asked);
    }
    Optional<Dialect.Tree> other = tree.other(project, Optional.empty());
    Optional<String> highest = other.flatMap(t -> ComponentVersions.highest(asked, t.tags()));
    if (highest.isEmpty() && latest && other.isPresent()) {
      problems.notice(
          place,
          "project '%s' has no tag that is a version such as 1.2.3: its default branch is taken"
                  .formatted(project)
              + " for "
              + asked);
    }
    return highest.isPresent() || latest ? highest : Optional.of(asked);
  }
}
