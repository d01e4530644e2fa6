package dev.esteira.cli;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The demo's own repository: a copy of the sample, committed and pushed with the stock git. */
final class DemoCheckout {
  private final Path directory;
  private final Path sample;
  private final Map<String, String> environment;

  DemoCheckout(Home home, String sample, Map<String, String> environment) {
    this.directory = home.root().resolve("demo").resolve(sample);
    this.sample =
        Path.of(Optional.ofNullable(System.getenv("ESTEIRA_ROOT")).orElse("."))
            .resolve("samples")
            .resolve(sample);
    this.environment = environment;
  }

  /** Makes the repository and copies the sample into it. */
  void prepare() {
    try {
      if (!Files.exists(directory.resolve(".git"))) {
        Files.createDirectories(directory);
        git("init", "-q", "-b", "main");
        git("config", "user.name", "Demo");
        git("config", "user.email", "demo@localhost");
        git("config", "core.autocrlf", "false");
      }
      copySample();
    } catch (IOException e) {
      throw EsteiraException.internal("could not prepare the demo in " + directory, e);
    }
  }

  /** Makes a new commit, whose version is its number, and returns the version. */
  String commit() {
    prepare();
    String version = String.valueOf(commits() + 1);
    try {
      Files.writeString(directory.resolve("VERSION"), version + "\r\n");
    } catch (IOException e) {
      throw EsteiraException.internal("could not write the version in " + directory, e);
    }
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", "Version " + version + " at " + Instant.now());
    return version;
  }

  /** Where the sample's copy is. */
  Path directory() {
    return directory;
  }

  /** Pushes main; what git says goes to the consumer. */
  void push(String url, Consumer<String> said) {
    run(said, List.of("git", "push", url, "HEAD:main"));
  }

  private void copySample() throws IOException {
    try (Stream<Path> files = Files.walk(sample)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = directory.resolve(sample.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private int commits() {
    List<String> lines = new ArrayList<>();
    run(lines::add, List.of("git", "rev-list", "--count", "--all"));
    return Integer.parseInt(lines.getFirst().strip());
  }

  private void git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    run(line -> {}, command);
  }

  private void run(Consumer<String> said, List<String> command) {
    new DemoShell(directory, environment).run(said, command);
  }
}
