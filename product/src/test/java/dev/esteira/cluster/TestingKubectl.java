package dev.esteira.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A kubectl of this machine, run against one server with nothing of the user's own. */
final class TestingKubectl {
  private static final long RUN_SECONDS_MAX = 60;

  /** Where an old kubectl may be unpacked beside the one on the path. */
  private static final String OLD =
      System.getProperty("esteira.root") + "/target/tools/kubectl/usr/bin/kubectl";

  private final Path program;
  private final String server;
  private final Path directory;
  private final List<String> options;

  TestingKubectl(Path program, String server, Path directory) {
    this(program, server, directory, "--request-timeout=0");
  }

  TestingKubectl(Path program, String server, Path directory, String option, String... options) {
    this.program = program;
    this.server = server;
    this.directory = directory;
    this.options = new ArrayList<>(List.of(options));
    this.options.add(option);
  }

  record Result(int exit, String out, String err) {
    String all() {
      return out + err;
    }
  }

  /** ESTEIRA_KUBECTLS (paths with colons between), the one on PATH, and an old one; each once. */
  static List<Path> programs() throws IOException {
    List<String> wanted = new ArrayList<>();
    String named = System.getenv("ESTEIRA_KUBECTLS");
    if (named != null) {
      wanted.addAll(List.of(named.split(":")));
    }
    for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      wanted.add(directory + "/kubectl");
    }
    wanted.add(OLD);
    Map<Path, Path> found = new LinkedHashMap<>();
    for (String path : wanted) {
      if (Files.isExecutable(Path.of(path))) {
        found.putIfAbsent(Path.of(path).toRealPath(), Path.of(path));
      }
    }
    return List.copyOf(found.values());
  }

  Result run(String... arguments) throws Exception {
    return runWith("", arguments);
  }

  /** Runs with this text as standard input. */
  Result runWith(String input, String... arguments) throws Exception {
    Path in = Files.createTempFile(directory, "in", "");
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Files.writeString(in, input);
    Process process =
        builder(arguments)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("kubectl did not end: " + List.of(arguments));
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Runs and wants exit 0; returns the standard output. */
  String ok(String... arguments) throws Exception {
    return okWith("", arguments);
  }

  String okWith(String input, String... arguments) throws Exception {
    Result result = runWith(input, arguments);
    if (result.exit() != 0) {
      throw new AssertionError("kubectl " + List.of(arguments) + ": " + result);
    }
    return result.out();
  }

  /** A process that goes on; the caller ends it. */
  Process start(String... arguments) throws IOException {
    return builder(arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("--server=" + server);
    command.add("--cache-dir=" + directory.resolve("cache"));
    command.addAll(options);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", directory.resolve("no-config").toString());
    builder.environment().put("HOME", directory.toString());
    return builder.directory(directory.toFile());
  }

  String version() throws Exception {
    String text = ok("version", "--client", "-o", "json");
    return Trees.text(
        dev.esteira.base.Json.parse(text.getBytes(StandardCharsets.UTF_8)),
        "clientVersion",
        "gitVersion");
  }
}
