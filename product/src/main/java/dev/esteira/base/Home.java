package dev.esteira.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The one directory in which a home keeps everything. Only this class makes paths.
 *
 * <pre>
 * $ESTEIRA_HOME/
 *   id                    4 hex digits, in every global name of this home
 *   endpoints.json        where the doors are; absent when down
 *   ledger/               SQLite
 *   blobs/                content-addressed bytes
 *   git/PATH.git/         bare repositories
 *   logs/                 log streams
 *   jobs/ID/N/            attempt N of a job: work/ (workspace), control/ (mounted at
 *                         /run/esteira), door/ (its docker.sock)
 *   jobs/warm/KEY/        a sandbox that waits: becomes the N of the job that takes it over
 *   doors/OWNER/          the directory with docker.sock of one owner (mounted at /run/esteira)
 *   pods/UID/             files of one pod
 *   proxy/                build contexts and staged binds; no sandbox ever sees it
 *   engine/               containerd and dockerd: roots, sockets, logs
 *   haproxy/              configuration, maps, sockets
 *   ca/                   our certificate authority and ca.pem
 *   keys/                 the secrets key, the administrator's token, the key of id tokens (0600)
 *   bin/                  shims and settings for clients (aws, kubeconfig, docker)
 *   run/                  pid file, process log
 * </pre>
 */
public record Home(Path root) {
  public Home {
    root = root.toAbsolutePath().normalize();
  }

  /** {@code $ESTEIRA_HOME}, else {@code ~/.esteira}. */
  public static Home fromEnvironment() {
    String home = System.getenv("ESTEIRA_HOME");
    if (home != null && !home.isBlank()) {
      return new Home(Path.of(home));
    }
    return new Home(Path.of(System.getProperty("user.home"), ".esteira"));
  }

  /** The 4 hex digits that every global name of this home carries; made at first use. */
  public String id() {
    Path file = root.resolve("id");
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      Files.createDirectories(root);
      String id = Ids.hex(4);
      Files.writeString(file, id + "\n");
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read or make " + file, e);
    }
  }

  public Path endpoints() {
    return root.resolve("endpoints.json");
  }

  public Path ledger() {
    return directory("ledger");
  }

  public Path blobs() {
    return directory("blobs");
  }

  public Path git() {
    return directory("git");
  }

  public Path logs() {
    return directory("logs");
  }

  public Path job(String id) {
    return directory("jobs/" + id);
  }

  public Path jobs() {
    return directory("jobs");
  }

  public Path door(String owner) {
    return directory("doors/" + owner);
  }

  public Path proxy() {
    return directory("proxy");
  }

  public Path pods() {
    return directory("pods");
  }

  public Path pod(String uid) {
    return directory("pods/" + uid);
  }

  public Path engine() {
    return directory("engine");
  }

  public Path haproxy() {
    return directory("haproxy");
  }

  public Path ca() {
    return directory("ca");
  }

  public Path keys() {
    return directory("keys");
  }

  public Path bin() {
    return directory("bin");
  }

  public Path run() {
    return directory("run");
  }

  /** The administrator's token, readable by the owner of the home alone. */
  public Path adminToken() {
    return keys().resolve("admin-token");
  }

  /** The key that signs id tokens. */
  public Path idTokenKey() {
    return keys().resolve("id-token.key");
  }

  private Path directory(String name) {
    Path path = root.resolve(name);
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + path, e);
    }
  }
}
