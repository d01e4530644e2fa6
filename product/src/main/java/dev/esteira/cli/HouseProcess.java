package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts and stops the background process of a home. One at a time for each home. */
final class HouseProcess {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;
  private static final int LOG_TAIL_LINES = 15;
  private static final int CARRIERS = 8;

  private final Home home;
  private final Output output;

  HouseProcess(Home home, Output output) {
    this.home = home;
    this.output = output;
  }

  /** Idempotent: a running house is left alone. */
  Endpoints up() {
    try (FileChannel channel = lockFile();
        FileLock _ = channel.lock()) {
      Optional<Endpoints> running = Endpoints.read(home);
      if (running.isPresent()) {
        return running.get();
      }
      Files.deleteIfExists(home.endpoints());
      output.say("Starting Esteira in " + home.root() + " ...");
      return awaitEndpoints(start());
    } catch (IOException e) {
      throw EsteiraException.internal("could not start the house in " + home.root(), e);
    }
  }

  /** Ends the process, then everything that outlives it. */
  void down(LocalHouse local) {
    if (!Files.exists(home.root())) {
      output.say("Nothing runs in " + home.root());
      return;
    }
    try (FileChannel channel = lockFile();
        FileLock _ = channel.lock()) {
      Optional<Endpoints> running = Endpoints.read(home);
      if (running.isPresent()) {
        output.say("Stopping Esteira (process " + running.get().pid() + ") ...");
        stop(running.get().pid());
      }
      Files.deleteIfExists(home.endpoints());
      local.tearDown(home, output::say);
      output.say("Esteira is down; its data stays in " + home.root());
    } catch (IOException e) {
      throw EsteiraException.internal("could not stop the house in " + home.root(), e);
    }
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(
        home.run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private Process start() throws IOException {
    Path log = home.run().resolve("esteira.log");
    List<String> command = new ArrayList<>(List.of("setsid", java()));
    String aot = System.getenv("ESTEIRA_AOT");
    if (aot != null && Files.exists(Path.of(aot))) {
      command.add("-XX:AOTCache=" + aot);
      command.add("-XX:AOTMode=auto");
    }
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-Xmx640m",
            "-Xss512k",
            // Threads that compress or add up images would else keep all others waiting.
            "-Djdk.virtualThreadScheduler.parallelism=" + CARRIERS,
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            "-jar",
            jar(),
            "serve"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ESTEIRA_HOME", home.root().toString());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectErrorStream(true);
    Files.deleteIfExists(progress());
    return builder.start();
  }

  private Path progress() {
    return home.run().resolve("progress");
  }

  private Endpoints awaitEndpoints(Process process) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    int said = 0;
    while (System.nanoTime() < deadline) {
      said = sayProgress(said);
      Optional<Endpoints> endpoints = Endpoints.read(home);
      if (endpoints.isPresent()) {
        return endpoints.get();
      }
      try {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          sayProgress(said);
          ErrorCode code =
              process.exitValue() == ErrorCode.PREREQUISITE.exitCode()
                  ? ErrorCode.PREREQUISITE
                  : ErrorCode.INTERNAL;
          throw new EsteiraException(
              code,
              "the house ended while starting, with exit code "
                  + process.exitValue()
                  + ":\n"
                  + tail(),
              "./esteira doctor",
              null);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EsteiraException.unavailable("interrupted while the house was starting", e);
      }
    }
    throw EsteiraException.unavailable(
        "the house was not up after " + START_LIMIT.toSeconds() + " s:\n" + tail(), null);
  }

  private int sayProgress(int said) throws IOException {
    if (!Files.exists(progress())) {
      return said;
    }
    List<String> lines = Files.readAllLines(progress());
    lines.stream().skip(said).forEach(line -> output.say("  " + line));
    return lines.size();
  }

  private String tail() throws IOException {
    List<String> lines = Files.readAllLines(home.run().resolve("esteira.log"));
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
  }

  private void stop(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return;
    }
    process.get().destroy();
    try {
      process.get().onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      output.say("It did not end within " + STOP_LIMIT.toSeconds() + " s; ending it by force.");
      process.get().destroyForcibly();
      process.get().onExit().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw EsteiraException.internal("could not stop process " + pid, e);
    }
  }

  private static String java() {
    return Optional.ofNullable(System.getenv("ESTEIRA_JAVA"))
        .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
  }

  private static String jar() {
    return Optional.ofNullable(System.getenv("ESTEIRA_JAR"))
        .orElseThrow(() ->
            new EsteiraException(
                ErrorCode.PREREQUISITE,
                "the program's jar is not known",
                "start it by ./esteira",
                null));
  }
}
