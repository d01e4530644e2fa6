package dev.esteira.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A house of the tests' own, under target/, started by {@code ./esteira up} and shared by all tests
 * of this process (several run side by side, each with its own); {@link HouseKeeper} removes it at
 * the end. Tests speak to it by the command line and by stock clients alone.
 */
final class TestHouse {
  static final Path ROOT = Path.of(System.getProperty("esteira.root")).toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration UP_LIMIT = Duration.ofMinutes(10);
  private static final Pattern EXPORT = Pattern.compile("export ([A-Z0-9_]+)='(.*)'");

  private static TestHouse shared;

  private final Path home;
  private final List<String> prefix;

  TestHouse(Path home) {
    this(home, List.of());
  }

  /** A house whose every command has these words before it. */
  TestHouse(Path home, List<String> prefix) {
    this.home = home;
    this.prefix = List.copyOf(prefix);
  }

  /** The shared house, up. */
  static synchronized TestHouse shared() {
    if (shared == null) {
      String fork = System.getProperty("esteira.fork", "fork-1");
      TestHouse house = new TestHouse(ROOT.resolve("target/acceptance-home-" + fork));
      // A run that was killed may have left it.
      house.remove();
      HouseKeeper.keep(house);
      house.up();
      shared = house;
    }
    return shared;
  }

  Path home() {
    return home;
  }

  void up() {
    esteira(UP_LIMIT, "up").orFail();
  }

  void down() {
    esteira(Duration.ofMinutes(2), "down").orFail();
  }

  /**
   * Takes it down and deletes the home, so that the next one begins with nothing; keeps its log.
   */
  void remove() {
    if (Files.exists(home)) {
      down();
      String log = home + ".log";
      bare(ROOT)
          .run(
              Duration.ofMinutes(2),
              List.of("sh", "-c", "cp $0/run/esteira.log $1; rm -rf $0", home.toString(), log))
          .orFail();
    }
  }

  /** Kills the process as a power cut would, sparing what runs beside it. */
  void killProcess() {
    long pid = endpoints().path("pid").asLong();
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  /** The engine's own socket: a door for root, here to see what really happened and to kill. */
  Shell.Result engine(String... words) {
    try {
      Path socket = home.resolve("engine/docker.sock");
      if (!Files.exists(socket)) {
        // Where the home's path is too long for a socket.
        String id = Files.readString(home.resolve("id")).strip();
        socket = Path.of("/run/esteira-" + id, "docker.sock");
      }
      List<String> command = new ArrayList<>();
      command.addAll(List.of("docker", "-H", "unix://" + socket));
      command.addAll(List.of(words));
      return bare(ROOT).run(Duration.ofMinutes(1), command);
    } catch (IOException e) {
      throw new AssertionError("no engine in " + home, e);
    }
  }

  /** kill -9 of the first process of a pod's container. */
  void killPod(String pod) {
    String container =
        client(ROOT)
            .bash(
                Duration.ofMinutes(1),
                "kubectl get pod "
                    + pod
                    + " -o jsonpath='{.status.containerStatuses[0].containerID}'")
            .orFail()
            .replaceFirst("^.*//", "");
    String pid = engine("inspect", "-f", "{{.State.Pid}}", container).orFail().strip();
    kill(pid);
  }

  /** kill -9 of the process whose id is in this file of the home. */
  void killByFile(String path) {
    try {
      kill(Files.readString(home.resolve(path)).strip());
    } catch (IOException e) {
      throw new AssertionError("nothing to kill", e);
    }
  }

  private static void kill(String pid) {
    ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    process.destroyForcibly();
    process.onExit().orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
  }

  JsonNode endpoints() {
    try {
      return JSON.readTree(Files.readString(home.resolve("endpoints.json")));
    } catch (IOException e) {
      throw new AssertionError("the house is not up", e);
    }
  }

  /** Runs {@code ./esteira} with these words. */
  Shell.Result esteira(Duration limit, String... words) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("esteira").toString());
    command.addAll(List.of(words));
    return bare(ROOT).run(limit, command);
  }

  JsonNode json(String... words) {
    return parse(esteira(Duration.ofMinutes(1), words).orFail());
  }

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** A shell that has evaluated {@code ./esteira env}. */
  Shell client(Path directory) {
    String lines = esteira(Duration.ofMinutes(1), "env").orFail();
    Map<String, String> environment = new HashMap<>(bareEnvironment());
    Matcher export = EXPORT.matcher(lines);
    while (export.find()) {
      environment.put(export.group(1), export.group(2).replace("'\\''", "'"));
    }
    return new Shell(directory, environment, prefix);
  }

  Shell bare(Path directory) {
    return new Shell(directory, bareEnvironment(), prefix);
  }

  private Map<String, String> bareEnvironment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("ESTEIRA_HOME", home.toString());
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_AUTHOR_NAME", "Stranger");
    environment.put("GIT_AUTHOR_EMAIL", "stranger@example.com");
    environment.put("GIT_COMMITTER_NAME", "Stranger");
    environment.put("GIT_COMMITTER_EMAIL", "stranger@example.com");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    return environment;
  }
}
