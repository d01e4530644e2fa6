package dev.esteira.pipeline.buildspec;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Yaml;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Reads {@code buildspec.yml} as AWS CodeBuild does (build specification reference, versions 0.1
 * and 0.2) and plans one stage with one job.
 *
 * <p>Keys that this house does not know are notices with their line, never failures. What CodeBuild
 * itself refuses is refused: no phases, a phase of another name, broken YAML.
 */
public final class BuildspecDialect implements Dialect {
  /** The project setting that names another file than {@code buildspec.yml}. */
  public static final String SETTING_FILE = "buildspec";

  /** The project setting that names another build image than the standard one. */
  public static final String SETTING_IMAGE = "image";

  /** The standard build image, when the project names none. */
  public static final String STANDARD_IMAGE = Plan.STANDARD_IMAGE;

  /** The file that is read when the project names none. */
  public static final String DEFAULT_FILE = "buildspec.yml";

  private final BiFunction<String, String, Optional<String>> settings;

  /** {@code settings} answers project and setting name with the setting's value. */
  public BuildspecDialect(BiFunction<String, String, Optional<String>> settings) {
    this.settings = settings;
  }

  @Override
  public boolean everyRef() {
    return false;
  }

  @Override
  public Optional<Plan> plan(Tree tree, Runs.Request request) {
    Optional<String> named = settings.apply(request.project(), SETTING_FILE);
    String file = named.orElse(DEFAULT_FILE);
    Optional<String> text = tree.read(file);
    if (text.isEmpty() && named.isPresent()) {
      throw EsteiraException.invalid(
          file
              + ":1: the project's setting '"
              + SETTING_FILE
              + "' names this file, but commit "
              + request.commit()
              + " has none");
    }
    String image = settings.apply(request.project(), SETTING_IMAGE).orElse(STANDARD_IMAGE);
    return text.map(t -> new BuildspecFile(file, Yaml.read(file, t), image).plan());
  }
}
