package dev.esteira.pipeline.gitlab;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code .gitlab-ci.yml} as GitLab does (CI/CD YAML syntax reference).
 *
 * <p>A file that GitLab refuses is an {@code INVALID} failure with a line {@code file:line: …} for
 * each error. What GitLab takes and this house does not know is a notice. When no job is for the
 * event, the plan has no stages, and its notices say why.
 *
 * <p>Texts of the plan hold variables as written ({@code $NAME}, <code>${NAME}</code>; {@code $$}
 * is a dollar sign): the runner puts values in place in images, services, cache keys, names of
 * artifacts, job variables and the address of the environment. What other parts must know before a
 * job runs is expanded here: names of environments, resource groups, triggers, rules and includes.
 */
public final class GitlabDialect implements Dialect {
  /** The project setting that names another file than {@code .gitlab-ci.yml}. */
  public static final String SETTING_FILE = "ci-config-path";

  /** The file that is read when the project names none. */
  public static final String DEFAULT_FILE = ".gitlab-ci.yml";

  /**
   * A fact of the request: the files, by line, that make a child pipeline in place of the usual
   * one.
   */
  public static final String FACT_FILES = "child.files";

  /** What the file that includes a child pipeline's files is called; nobody wrote it. */
  private static final String CHILD_ROOT = ".gitlab-ci-child.yml";

  private final Projects projects;

  /** A variable of a project or group, as rules see it. */
  public record Variable(String name, String value, boolean secret) {}

  /** What is known of projects outside their repositories. */
  public interface Projects {
    Optional<String> setting(String project, String name);

    Optional<String> defaultBranch(String project);

    /** What jobs of this request get, in this environment; later ones beat earlier ones. */
    List<Variable> variables(Runs.Request request, Optional<String> environment);

    /** Whether the request's ref is a protected one. */
    boolean isProtected(Runs.Request request);

    /** The text behind an address; empty when it cannot be had. Limit 1 MiB, 10 s. */
    Optional<String> remote(String url);
  }

  public GitlabDialect(Projects projects) {
    this.projects = projects;
  }

  /** The number of a project, as {@code CI_PROJECT_ID} and the REST API have it. */
  public static String projectNumber(String path) {
    return Predefined.projectNumber(path);
  }

  @Override
  public Optional<Plan> plan(Tree tree, Runs.Request request) {
    Optional<Made> made = made(tree, request);
    List<String> errors = made.map(m -> m.explanation().errors()).orElse(List.of());
    if (!errors.isEmpty()) {
      throw EsteiraException.invalid(String.join("\n", errors));
    }
    return made.map(Made::plan);
  }

  /** Why each job is in the pipeline of this event or not; empty when the tree has no file. */
  public Optional<Explanation> explain(Tree tree, Runs.Request request) {
    return made(tree, request).map(Made::explanation);
  }

  /** A plan, which counts when there are no errors, and why it is so. */
  record Made(Plan plan, Explanation explanation) {}

  private Optional<Made> made(Tree tree, Runs.Request request) {
    Optional<String> named = projects.setting(request.project(), SETTING_FILE);
    String children = request.facts().get(FACT_FILES);
    String file = children == null ? named.orElse(DEFAULT_FILE) : children.split("[\n\t]", 2)[0];
    Optional<String> text =
        children == null ? tree.read(file) : Optional.of(ChildFiles.including(children));
    if (text.isEmpty() && named.isPresent()) {
      throw EsteiraException.invalid(
          "%s:1: the project's setting '%s' names this file, but commit %s has none"
              .formatted(file, SETTING_FILE, request.commit()));
    }
    try {
      String root = children == null ? file : CHILD_ROOT;
      return text.map(t -> new PipelineMaker(tree, request, projects, file).made(root, t));
    } catch (StackOverflowError e) {
      throw new EsteiraException(ErrorCode.LIMIT, file + ":1: too much is inside each other", e);
    }
  }
}
