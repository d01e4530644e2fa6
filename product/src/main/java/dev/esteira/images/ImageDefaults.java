package dev.esteira.images;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What a container of an image gets when nobody says otherwise.
 *
 * @param env {@code NAME=value}
 * @param entrypoint what stands in front of a container's command
 * @param ports announced ports, such as {@code 80/tcp}
 * @param user who runs it, when not root
 */
record ImageDefaults(
    List<String> env,
    List<String> entrypoint,
    List<String> command,
    Optional<String> directory,
    List<String> ports,
    Optional<String> stopSignal,
    Optional<String> user) {
  ImageDefaults {
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    ports = List.copyOf(ports);
  }

  static ImageDefaults running(List<String> env, List<String> entrypoint, List<String> command) {
    return new ImageDefaults(
        env, entrypoint, command, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }

  ImageDefaults in(String where) {
    return new ImageDefaults(env, entrypoint, command, Optional.of(where), ports, stopSignal, user);
  }

  ImageDefaults exposing(String... announced) {
    return new ImageDefaults(
        env, entrypoint, command, directory, List.of(announced), stopSignal, user);
  }

  ImageDefaults stoppedBy(String signal) {
    return new ImageDefaults(env, entrypoint, command, directory, ports, Optional.of(signal), user);
  }

  ImageDefaults as(String who) {
    return new ImageDefaults(
        env, entrypoint, command, directory, ports, stopSignal, Optional.of(who));
  }

  /** Writes them as the {@code config} of an image. */
  void writeTo(ObjectNode config) {
    env.forEach(config.putArray("Env")::add);
    if (!entrypoint.isEmpty()) {
      entrypoint.forEach(config.putArray("Entrypoint")::add);
    }
    command.forEach(config.putArray("Cmd")::add);
    directory.ifPresent(d -> config.put("WorkingDir", d));
    ports.forEach(port -> config.withObject("/ExposedPorts").putObject(port));
    stopSignal.ifPresent(s -> config.put("StopSignal", s));
    user.ifPresent(u -> config.put("User", u));
  }
}
