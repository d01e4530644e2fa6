package dev.esteira.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.net.Networks;
import dev.esteira.pipeline.JobRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Makes a sandbox ready from nothing: sources, image, bridge, Docker API and control directory side
 * by side, then the container, which is made but not started. Whatever an earlier preparation left
 * is wiped first.
 */
final class Preparation {
  private final Parts parts;
  private final RunnerSettings settings;
  private final JobRunner.Assignment assignment;
  private final Attempt attempt;
  private final Home home;

  /** What preparation made: the record for the ledger, and what to mask. */
  record Prepared(SandboxRecord record, String container, List<String> secrets) {}

  Preparation(Parts parts, RunnerSettings settings, JobRunner.Assignment assignment) {
    this.parts = parts;
    this.settings = settings;
    this.assignment = assignment;
    this.attempt = Attempt.of(assignment);
    this.home = parts.home();
  }

  /** Empties the attempt's directory and writes the control directory, with the log's header. */
  void fill(JobScript script) {
    Directories.delete(attempt.directory(home));
    try {
      Files.createDirectories(attempt.workspace(home));
      Files.createDirectories(attempt.door(home));
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + attempt.directory(home), e);
    }
    write(script);
  }

  /** Writes the control directory. */
  void write(JobScript script) {
    try {
      Path control = Files.createDirectories(attempt.control(home).path());
      attempt.control(home).fill(script, assignment.job());
      if (Files.exists(settings.caBundle())) {
        Files.copy(settings.caBundle(), control.resolve("ca.pem"));
      }
      if (assignment.job().runAs().isPresent()) {
        open(control, "shell", "names", "log", "steps", "");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + attempt.control(home).path(), e);
    }
  }

  /** Brings the sources into the workspace. */
  void sources() {
    parts.sources().materialize(assignment.run(), attempt.workspace(home));
  }

  /** A job that runs as another user than root writes to these. */
  private static void open(Path control, String... names) throws IOException {
    for (String name : names) {
      Path path = name.isEmpty() ? control : control.resolve(name);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
  }

  Prepared prepare() throws InterruptedException {
    ControlDirectory control = attempt.control(home);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sources = threads.submit(this::sources);
      Future<?> wiped =
          threads.submit(() -> parts.engine().removeContainer(attempt.container(home)));
      Future<String> image = threads.submit(() -> image(control));
      Future<Networks.Bridge> bridge = threads.submit(() -> SandboxDoor.open(parts, assignment));
      Future<JobEnvironment> environment =
          threads.submit(() -> new JobEnvironment(parts, settings, assignment));
      JobEnvironment variables = result(environment);
      writeFiles(control, variables.files());
      String ready = result(image);
      ObjectNode config = config(ready, result(bridge), variables);
      result(wiped);
      String id = parts.engine().createContainer(attempt.container(home), config);
      result(sources);
      SandboxRecord record = SandboxRecord.cold(ready, variables.secretNames());
      return new Prepared(record, id, variables.secrets());
    }
  }

  static <T> T result(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw EsteiraException.internal("could not prepare the sandbox", e.getCause());
    }
  }

  private String image(ControlDirectory control) {
    String image = assignment.job().image();
    Consumer<String> progress = line -> control.say(List.of(line));
    if (parts.images().ships(image)) {
      return parts.images().ensure(image, progress);
    }
    try {
      return parts.resolver().resolve(assignment.run(), image, progress);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.INVALID) {
        throw new JobFailure("image " + image + ": " + e.text());
      }
      throw e;
    }
  }

  static void writeFiles(ControlDirectory control, Map<String, String> files) {
    files.forEach((name, content) -> {
      Path file = control.path().resolve("variables").resolve(name);
      try {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException("could not write the file of variable " + name, e);
      }
    });
  }

  private ObjectNode config(String image, Networks.Bridge bridge, JobEnvironment environment) {
    String inside = Attempt.inside(assignment.run().project());
    SandboxSpec spec =
        new SandboxSpec(
            image,
            assignment.job().runAs().orElse("0:0"),
            inside,
            "supervisor.sh",
            environment.list(),
            attempt.owner(),
            attempt.key(),
            List.of(
                attempt.workspace(home) + ":" + inside,
                attempt.control(home).path() + ":" + ControlDirectory.INSIDE,
                attempt.door(home) + ":" + ControlDirectory.INSIDE + "/door:ro"),
            bridge.network());
    return spec.json(home, settings, parts.networks().houseAddress());
  }
}
