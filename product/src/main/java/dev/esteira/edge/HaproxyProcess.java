package dev.esteira.edge;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import dev.esteira.base.SecretFiles;
import dev.esteira.names.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The HAProxy of a home: a daemon in its own session, which goes on when this process is gone and
 * is found again by its socket and its pid file.
 */
final class HaproxyProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final long END_MILLIS_MAX = 5_000;
  private static final long END_POLL_MILLIS = 5;
  private static final int SILENT_ATTEMPTS = 10;
  private static final long SILENT_MILLIS = 300;
  private static final Logger LOG = System.getLogger(HaproxyProcess.class.getName());

  private final HaproxyFiles files;
  private final HaproxySocket socket;

  HaproxyProcess(HaproxyFiles files, HaproxySocket socket) {
    this.files = files;
    this.socket = socket;
  }

  /** How a HAProxy of this home is found. */
  enum Found {
    /** It answers and has the wanted skeleton. */
    CURRENT,
    /** It answers and has another: this program is newer, or the house has moved. */
    OTHER,
    /** There is none, or it has not answered for a while. */
    NONE
  }

  Found find(HaproxyConfig config) {
    for (int attempt = 0; attempt < SILENT_ATTEMPTS; attempt++) {
      Optional<String> description = socket.info("description");
      if (description.isPresent()) {
        boolean same = description.equals(Optional.of(config.fingerprint()));
        return same ? Found.CURRENT : Found.OTHER;
      }
      if (running().isEmpty()) {
        return Found.NONE;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SILENT_MILLIS));
    }
    return Found.NONE;
  }

  /**
   * Starts HAProxy with these services. One that runs with another skeleton hands its listeners
   * over and ends when its connections do; one that does not answer is killed.
   */
  void launch(HaproxyConfig config, State state) {
    String program = Programs.require("haproxy");
    write(files.config(), config.text(state.services()));
    write(files.script(), HaproxyConfig.script(files));
    for (MapName map : MapName.values()) {
      write(
          files.map(map),
          map.lines(state).entrySet().stream()
              .map(line -> line.getKey() + " " + line.getValue() + "\n")
              .collect(Collectors.joining()));
    }
    new TlsFiles(files, state).all(nobodysCertificate()).forEach(HaproxyProcess::writeSecret);
    List<String> command = new ArrayList<>(List.of(program, "-D", "-f", "" + files.config()));
    Optional<ProcessHandle> old = running();
    if (old.isPresent() && socket.answers()) {
      String pid = Long.toString(old.get().pid());
      command.addAll(List.of("-x", files.socket().toString(), "-sf", pid));
    } else {
      old.ifPresent(handle -> end(handle, true));
    }
    Commands.Result result = Commands.run(START_LIMIT, "", command);
    if (!result.ok()) {
      throw EsteiraException.unavailable(
          "could not start HAProxy with %s: %s".formatted(files.config(), result.output().strip()),
          null);
    }
    LOG.log(Level.DEBUG, "started HAProxy: {0}", result.output());
  }

  /** Ends HAProxy and its connections; 0 traces of it remain but its configuration. */
  void stop() {
    running().ifPresent(handle -> end(handle, false));
    try {
      Files.deleteIfExists(files.pid());
      Files.deleteIfExists(files.socket());
      files.deleteShortDirectory();
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + files.socket(), e);
    }
  }

  private void end(ProcessHandle handle, boolean forcibly) {
    if (!forcibly && handle.destroy() && awaitEnd(handle)) {
      return;
    }
    handle.destroyForcibly();
    if (!awaitEnd(handle)) {
      throw EsteiraException.unavailable(
          "HAProxy, process " + handle.pid() + ", did not end when it was killed", null);
    }
  }

  private boolean awaitEnd(ProcessHandle handle) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS_MAX);
    while (!hasEnded(handle.pid())) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(END_POLL_MILLIS));
    }
    return true;
  }

  /** The process of the pid file, if it is ours and alive. */
  Optional<ProcessHandle> running() {
    if (!Files.exists(files.pid())) {
      return Optional.empty();
    }
    try {
      String pid = Files.readString(files.pid()).lines().findFirst().orElse("").strip();
      return ProcessHandle.of(Long.parseLong(pid)).filter(handle -> isOurs(handle.pid()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Its command line names our configuration: the pid may be another program's by now. A zombie has
   * no command line.
   */
  private boolean isOurs(long pid) {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
      return line.contains(files.config().toString());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Its ports are free: it is gone, or a zombie (proc(5)). A process that ends loses its command
   * line first and closes its sockets after that.
   */
  private static boolean hasEnded(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state == 'Z' || state == 'X';
    } catch (IOException e) {
      return true;
    }
  }

  /** A door without a listener cannot be reached, but has to have a certificate. */
  private static String nobodysCertificate() {
    CertificateAuthority.Issued made =
        CertificateAuthority.selfSigned("nobody", InstantSource.system());
    return made.certificatePem() + made.keyPem();
  }

  private static void writeSecret(Path file, String text) {
    try {
      SecretFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
