package dev.esteira.engine;

import dev.esteira.base.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a home's engine keeps what is its own.
 *
 * <pre>
 * HOME/engine/
 *   containerd.toml  daemon.json         settings, written by us
 *   pod-runtime                          what starts the containers of pods, written by us
 *   containerd.log   dockerd.log         output of the daemons
 *   containerd/      docker/             images, containers, volumes
 * RUN/                                   HOME/engine, or /run/esteira-ID if that is too long
 *   containerd.sock  docker.sock         sockets
 *   containerd.pid   dockerd.pid         process ids
 *   state/           exec/               mounts and sockets of running containers
 * </pre>
 *
 * @param data what lasts
 * @param run what ends with the engine
 */
record EngineFiles(Path data, Path run) {
  /** The kernel takes 107 bytes for the path of a unix socket (unix(7)). */
  private static final int SOCKET_BYTES_MAX = 107;

  /** The longest socket that the daemons make below {@code run}. */
  private static final String LONGEST = "/exec/libnetwork/0123456789ab.sock";

  static EngineFiles of(Home home) {
    Path data = home.root().resolve("engine");
    int bytes = (data + LONGEST).getBytes(StandardCharsets.UTF_8).length;
    Path run = bytes <= SOCKET_BYTES_MAX ? data : Path.of("/run", "esteira-" + home.id());
    return new EngineFiles(data, run);
  }

  void make() {
    try {
      Files.createDirectories(data);
      Files.createDirectories(run);
      Path shown = data.resolve("docker.sock");
      if (!run.equals(data) && !Files.isSymbolicLink(shown)) {
        Files.createSymbolicLink(shown, socket());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not make the engine's directories in " + data, e);
    }
  }

  Path socket() {
    return run.resolve("docker.sock");
  }

  Path containerdSocket() {
    return run.resolve("containerd.sock");
  }

  Path exec() {
    return run.resolve("exec");
  }

  Path state() {
    return run.resolve("state");
  }

  Path containerdConfig() {
    return data.resolve("containerd.toml");
  }

  Path dockerConfig() {
    return data.resolve("daemon.json");
  }

  Path podRuntime() {
    return data.resolve("pod-runtime");
  }

  Path pid(String daemon) {
    return run.resolve(daemon + ".pid");
  }

  /** The pid file that the daemon itself writes. */
  Path ownPid(String daemon) {
    return run.resolve(daemon + "-own.pid");
  }

  Path log(String daemon) {
    return data.resolve(daemon + ".log");
  }
}
