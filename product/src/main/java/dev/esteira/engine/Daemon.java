package dev.esteira.engine;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One program that outlives this process: started in a session of its own with its output in a
 * file, found again by its pid file, started again when it ends.
 */
final class Daemon {
  private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
  private static final long READY_MILLIS_MAX = 60_000;
  private static final long POLL_MILLIS = 10;
  private static final long WATCH_MILLIS = 100;
  private static final long BACK_OFF_MILLIS_MIN = 50;
  private static final long BACK_OFF_MILLIS_MAX = 5_000;
  private static final long STEADY_MILLIS = 30_000;
  private static final long LOG_BYTES_MAX = 16 << 20;
  private static final int TAIL_BYTES = 4096;
  private static final int TAIL_LINES = 12;

  private final String name;
  private final Path pidFile;
  private final Path logFile;
  private final List<String> command;
  private final Map<String, String> environment;
  private final BooleanSupplier ready;
  private final Path ownPidFile;
  private @Nullable ProcessHandle process;
  private @Nullable Thread watcher;
  private volatile boolean stopping;

  /** The command must hold a path of this home, by which its process is told from others. */
  Daemon(
      String name,
      EngineFiles files,
      List<String> command,
      Map<String, String> environment,
      BooleanSupplier ready) {
    this.name = name;
    this.pidFile = files.pid(name);
    this.ownPidFile = files.ownPid(name);
    this.logFile = files.log(name);
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.ready = ready;
  }

  /** Starts it, unless it runs; returns when it answers. */
  synchronized void start() {
    stopping = false;
    if (running().isEmpty()) {
      launch();
    }
    awaitReady();
  }

  /** Starts it again whenever it ends, until {@link #stop}. */
  synchronized void watch() {
    if (watcher == null) {
      watcher = Thread.ofVirtual().name("watch-" + name).start(this::keepAlive);
    }
  }

  /** Stops looking after it; it runs on. */
  synchronized void leave() {
    stopping = true;
    Thread watching = watcher;
    if (watching != null) {
      watching.interrupt();
      watcher = null;
    }
  }

  /** Ends it: asked first, killed after the grace. Returns when it is gone. */
  synchronized void stop(long graceMillis) {
    leave();
    running().ifPresent(handle -> end(handle, graceMillis));
    process = null;
    delete(pidFile);
  }

  private void end(ProcessHandle handle, long graceMillis) {
    handle.destroy();
    if (!awaitEnd(handle, graceMillis)) {
      LOG.log(Level.WARNING, "{0} did not end in {1} ms and is killed", name, graceMillis);
      handle.destroyForcibly();
      awaitEnd(handle, graceMillis);
    }
  }

  private static boolean awaitEnd(ProcessHandle handle, long limitMillis) {
    return await(limitMillis, () -> !isAlive(handle));
  }

  /** The process of the pid file, if it is ours and alive. */
  synchronized Optional<ProcessHandle> running() {
    ProcessHandle known = process;
    if (known != null && isAlive(known)) {
      return Optional.of(known);
    }
    Optional<ProcessHandle> found = recorded().filter(this::isOurs).or(this::search);
    process = found.orElse(null);
    return found;
  }

  private Optional<ProcessHandle> recorded() {
    try {
      return Files.exists(pidFile)
          ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** We may have been killed between starting it and writing its pid down. */
  private Optional<ProcessHandle> search() {
    return ProcessHandle.allProcesses().filter(this::isOurs).findFirst();
  }

  /** A pid may have been given to another program since; the command line tells. */
  private boolean isOurs(ProcessHandle handle) {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "cmdline"));
      return isAlive(handle) && line.contains(command.getLast());
    } catch (IOException e) {
      return false;
    }
  }

  /** A process that ended but whose parent (not us) has not collected it counts as ended. */
  private static boolean isAlive(ProcessHandle handle) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
      return handle.isAlive() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  private void launch() {
    // A daemon that was killed leaves it, and refuses to start if that pid is anybody's by now.
    delete(ownPidFile);
    try {
      if (Files.exists(logFile) && Files.size(logFile) > LOG_BYTES_MAX) {
        Path older = logFile.resolveSibling(logFile.getFileName() + ".1");
        Files.move(logFile, older, StandardCopyOption.REPLACE_EXISTING);
      }
      List<String> line = new ArrayList<>(List.of(Programs.require("setsid")));
      line.addAll(command);
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
      builder.environment().clear();
      builder.environment().putAll(environment);
      ProcessHandle started = builder.start().toHandle();
      process = started;
      Files.writeString(pidFile, started.pid() + "\n");
      LOG.log(Level.DEBUG, "started {0}, process {1}", name, Long.toString(started.pid()));
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + String.join(" ", command), e);
    }
  }

  private void awaitReady() {
    boolean answered =
        await(
            READY_MILLIS_MAX,
            () -> {
              if (running().isEmpty()) {
                throw EsteiraException.unavailable(
                    "started " + name + ", but it ended; the end of " + logFile + ":\n" + tail(),
                    null);
              }
              return ready.getAsBoolean();
            });
    if (!answered) {
      throw EsteiraException.unavailable(
          "started %s, but it did not answer within %d ms; the end of %s:\n%s"
              .formatted(name, READY_MILLIS_MAX, logFile, tail()),
          null);
    }
  }

  private void keepAlive() {
    long backOffMillis = BACK_OFF_MILLIS_MIN;
    long startedNanos = System.nanoTime();
    try {
      while (!stopping) {
        Thread.sleep(WATCH_MILLIS);
        if (stopping || running().isPresent()) {
          continue;
        }
        if (System.nanoTime() - startedNanos > STEADY_MILLIS * 1_000_000) {
          backOffMillis = BACK_OFF_MILLIS_MIN;
        }
        LOG.log(Level.WARNING, "{0} ended; starting it again in {1} ms", name, backOffMillis);
        Thread.sleep(backOffMillis);
        backOffMillis = Math.min(backOffMillis * 2, BACK_OFF_MILLIS_MAX);
        startedNanos = System.nanoTime();
        restart();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void restart() {
    if (stopping) {
      return;
    }
    try {
      launch();
      awaitReady();
    } catch (EsteiraException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "could not start {0} again: {1}", name, e.getMessage());
    }
  }

  private String tail() {
    try (RandomAccessFile log = new RandomAccessFile(logFile.toFile(), "r")) {
      log.seek(Math.max(0, log.length() - TAIL_BYTES));
      byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, log.length())];
      log.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  private static boolean await(long limitMillis, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limitMillis * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + file, e);
    }
  }
}
