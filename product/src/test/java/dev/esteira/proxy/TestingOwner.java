package dev.esteira.proxy;

import dev.esteira.base.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Drives docker clients as one owner. */
record TestingOwner(EngineProxy.Owner owner, Path work, String token, Path config) {
  /** The 20.10 client of Debian. */
  static final String OLD = "/usr/bin/docker";

  /** A client of the year where the machine has one, else Debian's once more. */
  static final String NEW =
      Files.isExecutable(Path.of("/usr/local/bin/docker")) ? "/usr/local/bin/docker" : OLD;

  static List<String> clients() {
    return Stream.of(OLD, NEW).distinct().toList();
  }

  /** What a client left. */
  record Ran(String command, int exitCode, String output) {
    String check() {
      if (exitCode != 0) {
        throw new AssertionError(command + " exited with " + exitCode + ":\n" + output);
      }
      return output;
    }
  }

  Ran docker(String... arguments) {
    return run(OLD, "", arguments);
  }

  Ran run(String client, String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(client));
    command.addAll(List.of("-H", "unix://" + socket(), "--config", config.toString()));
    command.addAll(List.of(arguments));
    Commands.Result result = Commands.run(Duration.ofSeconds(100), input, command);
    return new Ran(String.join(" ", arguments), result.exitCode(), result.output());
  }

  Path socket() {
    return owner.socketDirectory().resolve("docker.sock");
  }
}
