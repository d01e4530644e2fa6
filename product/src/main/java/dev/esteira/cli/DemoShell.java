package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs programs as a person would after {@code eval "$(./esteira env)"}. */
final class DemoShell {
  private final Path directory;
  private final Map<String, String> environment;

  DemoShell(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** Runs it to its end; each line that it prints goes to the consumer. */
  void run(Consumer<String> said, List<String> command) {
    StringBuilder all = new StringBuilder();
    int exitCode =
        exitCode(
            line -> {
              said.accept(line);
              all.append(line).append('\n');
            },
            command);
    if (exitCode != 0) {
      throw EsteiraException.internal(
          "'" + String.join(" ", command) + "' exited with " + exitCode + ":\n" + all, null);
    }
  }

  /** What it prints, without the last line end. */
  String ask(String... command) {
    List<String> lines = new ArrayList<>();
    run(lines::add, List.of(command));
    return String.join("\n", lines);
  }

  private int exitCode(Consumer<String> said, List<String> command) {
    try {
      // By env, which looks programs up in the path that it sets.
      List<String> whole = new ArrayList<>(List.of("env"));
      environment.forEach((name, value) -> whole.add(name + "=" + value));
      whole.add("GIT_TERMINAL_PROMPT=0");
      whole.addAll(command);
      Process process =
          new ProcessBuilder(whole).directory(directory.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said.accept(line);
        }
      }
      return process.waitFor();
    } catch (IOException e) {
      throw new EsteiraException(
          ErrorCode.PREREQUISITE, "could not run '" + command.getFirst() + "'", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.unavailable("interrupted while running " + command.getFirst(), e);
    }
  }
}
