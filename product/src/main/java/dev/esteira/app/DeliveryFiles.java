package dev.esteira.app;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
import dev.esteira.pipeline.gitlab.GitlabDialect;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Which delivery file counts when a commit has those of both dialects: the project's setting {@code
 * dialect} decides; without it {@code group/name} projects go by GitLab's file, and projects of one
 * name by the buildspec.
 */
final class DeliveryFiles {
  static final String SETTING_DIALECT = "dialect";
  static final String GITLAB = "gitlab";
  static final String BUILDSPEC = "buildspec";

  private final BiFunction<String, String, Optional<String>> settings;
  private final Dialect gitlab;
  private final Dialect buildspec;

  DeliveryFiles(
      BiFunction<String, String, Optional<String>> settings,
      GitlabDialect gitlab,
      BuildspecDialect buildspec) {
    this.settings = settings;
    this.gitlab = gitlab;
    this.buildspec = buildspec;
  }

  /** At most one of them has a plan for a commit. */
  List<Dialect> dialects() {
    return List.of(new Chosen(GITLAB, gitlab), new Chosen(BUILDSPEC, buildspec));
  }

  private String file(String dialect, String project) {
    return dialect.equals(GITLAB)
        ? settings.apply(project, GitlabDialect.SETTING_FILE).orElse(GitlabDialect.DEFAULT_FILE)
        : settings
            .apply(project, BuildspecDialect.SETTING_FILE)
            .orElse(BuildspecDialect.DEFAULT_FILE);
  }

  /** The dialect that goes first. */
  private String first(Runs.Request request) {
    String usual = request.project().contains("/") ? GITLAB : BUILDSPEC;
    boolean child = request.facts().containsKey(GitlabDialect.FACT_FILES);
    return child ? GITLAB : settings.apply(request.project(), SETTING_DIALECT).orElse(usual);
  }

  private final class Chosen implements Dialect {
    private final String name;
    private final Dialect dialect;

    Chosen(String name, Dialect dialect) {
      this.name = name;
      this.dialect = dialect;
    }

    @Override
    public boolean everyRef() {
      return dialect.everyRef();
    }

    @Override
    public Optional<Plan> plan(Tree tree, Runs.Request request) {
      String first = first(request);
      boolean mine = first.equals(name);
      boolean named = settings.apply(request.project(), SETTING_DIALECT).isPresent();
      String other = file(name.equals(GITLAB) ? BUILDSPEC : GITLAB, request.project());
      if (!mine && (named || tree.read(other).isPresent())) {
        return Optional.empty();
      }
      Optional<Plan> plan = dialect.plan(tree, request);
      return mine && !named && plan.isPresent() && tree.read(other).isPresent()
          ? plan.map(p -> noticing(p, other))
          : plan;
    }

    private Plan noticing(Plan plan, String other) {
      return plan.with(
          new Plan.Notice(
              plan.file(),
              1,
              "the commit has '%s' as well; this file counts. The project's setting '%s' chooses"
                  .formatted(other, SETTING_DIALECT)));
    }
  }
}
