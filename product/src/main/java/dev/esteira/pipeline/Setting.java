package dev.esteira.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands around a job's shell.
 *
 * @param entrypoint in place of the image's own; an empty list or one empty word means none
 * @param keepsEntrypoint whether the image's entrypoint starts the shell
 * @param services containers that the job reaches by name
 * @param caches kept from job to job
 * @param predefined variables below all others; their values may hold {@link Fact}s
 * @param source how the files of the commit come in
 * @param idTokens variables that hold a signed word of the house about the job, and for whom
 * @param runtimes the versions of languages that the job asks for, as written, by language
 * @param parameters variables whose values the parameter store has, and under which name
 */
public record Setting(
    Optional<List<String>> entrypoint,
    boolean keepsEntrypoint,
    List<ServiceContainer> services,
    List<Cache> caches,
    Map<String, String> predefined,
    Source source,
    Map<String, List<String>> idTokens,
    Map<String, String> runtimes,
    Map<String, String> parameters) {
  public static final Setting PLAIN = of(Map.of(), Map.of());

  public Setting {
    entrypoint = entrypoint.map(List::copyOf);
    services = List.copyOf(services);
    caches = List.copyOf(caches);
    predefined = Map.copyOf(predefined);
    idTokens = Map.copyOf(Absent.or(idTokens, Map.of()));
    runtimes = Map.copyOf(Absent.or(runtimes, Map.of()));
    parameters = Map.copyOf(Absent.or(parameters, Map.of()));
  }

  /** Nothing but the languages and the parameters that the job asks for. */
  public static Setting of(Map<String, String> runtimes, Map<String, String> parameters) {
    return new Setting(
        Optional.empty(),
        false,
        List.of(),
        List.of(),
        Map.of(),
        Source.CLONE,
        Map.of(),
        runtimes,
        parameters);
  }

  /** How the files of the commit come in. */
  public enum Source {
    CLONE,
    NONE
  }

  /** A container beside the job; it answers by the aliases, or by the forms of its image's name. */
  public record ServiceContainer(
      String image,
      List<String> aliases,
      Optional<List<String>> entrypoint,
      List<String> command,
      Map<String, String> variables) {
    public ServiceContainer {
      aliases = List.copyOf(aliases);
      entrypoint = entrypoint.map(List::copyOf);
      command = List.copyOf(command);
      variables = Map.copyOf(variables);
    }
  }

  /**
   * Files kept from job to job under a key. The key may hold variables of the job.
   *
   * @param keyFiles files whose content makes the key, after {@code key} as prefix
   * @param fallbackKeys tried in order when there is nothing under the key
   */
  public record Cache(
      String key,
      List<String> keyFiles,
      List<String> paths,
      boolean untracked,
      boolean pull,
      boolean push,
      Plan.Keep when,
      List<String> fallbackKeys) {
    public Cache {
      keyFiles = List.copyOf(keyFiles);
      paths = List.copyOf(paths);
      fallbackKeys = List.copyOf(fallbackKeys);
    }
  }

  /**
   * What only the run or the sandbox knows; {@link #token} stands for it in a predefined value, and
   * the runner puts the value in its place.
   */
  public enum Fact {
    /** A number of its own for every job of the home. */
    JOB_NUMBER,
    /** The job's own token: git, registry and REST door take it until the job ends. Secret. */
    JOB_TOKEN,
    JOB_URL,
    /** ISO 8601. */
    JOB_STARTED_AT,
    /** A number of its own for every run of the home. */
    RUN_NUMBER,
    /** Counts from 1 within the project. */
    RUN_NUMBER_IN_PROJECT,
    RUN_URL,
    /** ISO 8601. */
    RUN_CREATED_AT,
    /** The directory of the files of the commit, inside. */
    WORKSPACE,
    /** The directory above all workspaces, inside. */
    BUILDS_DIRECTORY,
    /** Where the sources can be cloned from, with the job's token in it. Secret. */
    REPOSITORY_URL,
    /** The console's address. */
    CONSOLE_URL,
    /** Where the environment of the job can be reached, from its {@code url}. */
    ENVIRONMENT_URL;

    /** As it stands in a value. */
    public String token() {
      return "%{" + name() + "}";
    }
  }
}
