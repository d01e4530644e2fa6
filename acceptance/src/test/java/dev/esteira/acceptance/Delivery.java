package dev.esteira.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One project and the files that it delivers, in a directory of its own. */
final class Delivery {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration RUN_LIMIT = Duration.ofMinutes(4);
  static final String HUB = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

  private final TestHouse house;
  private final Path directory;
  private final String project;
  private final Shell shell;

  /** Where to push; asked for once. */
  private String url = "";

  /** Makes the project, under a name that no other run of the tests uses. */
  Delivery(TestHouse house, Path parent, String name) {
    this.house = house;
    this.project = name + "-" + Long.toString(System.nanoTime() & 0xffffff, 36);
    this.directory = parent.resolve(project);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.shell = house.client(directory);
    house.esteira(MINUTE, "project", "create", project).orFail();
    shell.bash(MINUTE, "git init -q -b main").orFail();
  }

  String project() {
    return project;
  }

  Path directory() {
    return directory;
  }

  Shell shell() {
    return shell;
  }

  Delivery file(String path, String text) {
    try {
      Path file = directory.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A buildspec with these commands, each of which may have several lines. */
  Delivery commands(String... commands) {
    StringBuilder spec = new StringBuilder("version: 0.2\nphases:\n  build:\n    commands:\n");
    for (String command : commands) {
      spec.append("      - |\n").append(command.strip().indent(10));
    }
    return file("buildspec.yml", spec.toString());
  }

  Delivery secret(String name, String value) {
    house
        .esteira(MINUTE, "var", "set", "--secret", "--project", project, name + "=" + value)
        .orFail();
    return this;
  }

  /** Commits all files and pushes them; what the push said. */
  String push() {
    if (url.isEmpty()) {
      url = house.json("project", "show", project, "--json").path("git").asText();
    }
    return shell
        .bash(
            MINUTE,
            "git add -A && git commit -q --allow-empty -m x && git push " + url + " HEAD:main 2>&1")
        .orFail();
  }

  /** Follows the latest run to its end. */
  Shell.Result follow() {
    return house.esteira(RUN_LIMIT, "logs", "-f", project);
  }

  /** Pushes, and returns the log of a run that succeeds. */
  String deliver() {
    push();
    Shell.Result log = follow();
    if (log.exitCode() != 0) {
      throw new AssertionError(project + " failed:\n" + log.out() + log.err());
    }
    return log.out();
  }

  JsonNode lastRun() {
    return house.json("project", "show", project, "--json").path("lastRun");
  }

  /** Waits until the log of the latest run has a line that begins so; the rest of that line. */
  String awaitLine(String beginning, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    List<String> lines = new ArrayList<>();
    while (System.nanoTime() < end) {
      Shell.Result log = house.esteira(MINUTE, "logs", project);
      lines.clear();
      lines.addAll(log.out().lines().toList());
      for (String line : lines) {
        if (line.startsWith(beginning)) {
          return line.substring(beginning.length()).strip();
        }
      }
      if (List.of("failed", "succeeded", "cancelled").contains(lastRun().path("state").asText())) {
        break;
      }
    }
    throw new AssertionError("no line '" + beginning + "' in\n" + String.join("\n", lines));
  }

  /** Ends the latest run, if there is one, so that it keeps no other job waiting. */
  void cancel() {
    String run = lastRun().path("id").asText();
    if (!run.isEmpty()) {
      house.esteira(MINUTE, "cancel", run);
    }
  }
}
