package dev.esteira.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.net.Networks;
import dev.esteira.pipeline.JobRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Makes a sandbox ready from nothing: sources, image, bridge, Docker API and control directory side
 * by side, then the container, which is made but not started. Whatever an earlier preparation left
 * is wiped first.
 */
final class Preparation {
  private static final int CREATE_TRIES_MAX = 20;
  private static final long CREATE_PAUSE_MILLIS = 100;

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
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + attempt.control(home).path(), e);
    }
  }

  /** Brings the sources into the workspace. */
  void sources(JobEnvironment variables) {
    Path control = attempt.control(home).path();
    variables.notices().forEach(line -> attempt.control(home).say(List.of(line)));
    KubeConfig.write(parts, settings, assignment.job(), variables, control);
    bring(variables);
    TrackedFiles.note(assignment.job(), attempt.workspace(home), attempt.directory(home));
    new Caches(parts, assignment).restore(variables);
    new InputFiles(parts, assignment).unpack();
  }

  private void bring(JobEnvironment variables) {
    if (Workplace.isScript(assignment.job())) {
      GitSource source = new GitSource(parts, settings, assignment, variables);
      List<String> notices = source.fill(attempt.workspace(home));
      if (!notices.isEmpty()) {
        attempt.control(home).say(notices);
      }
    } else {
      parts.sources().materialize(assignment.run(), attempt.workspace(home));
    }
  }

  /** A job that runs as another user than root writes to these, and reads the rest. */
  private void openTo(ControlDirectory control) {
    Path path = control.path();
    try {
      for (String name : List.of("shell", "names", "log", "steps", "")) {
        Files.setPosixFilePermissions(
            path.resolve(name), PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      Directories.openToAll(path.resolve("variables"));
      if (Workplace.isScript(assignment.job())) {
        Directories.openToAll(attempt.workspace(home));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not open " + path + " to the job's user", e);
    }
  }

  Prepared prepare() throws InterruptedException {
    ControlDirectory control = attempt.control(home);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> wiped = threads.submit(this::wipe);
      Future<Networks.Bridge> bridge = threads.submit(() -> SandboxDoor.open(parts, assignment));
      JobEnvironment variables = environment();
      EnvironmentNotes.write(attempt.directory(home), variables.values());
      Future<?> sources = threads.submit(() -> sources(variables));
      Future<String> image = threads.submit(() -> image(control, variables));
      writeFiles(control, variables.files());
      result(wiped);
      new Services(parts, settings, assignment, variables).start(result(bridge));
      String ready = result(image);
      JsonNode inspected = parts.engine().inspectImage(ready).orElseGet(Json::object);
      Entry entry = Entry.of(assignment.job(), inspected);
      DockerService docker = new DockerService(parts, assignment, variables);
      if (entry.isKept()) {
        docker.expectedBy(inspected);
      }
      docker.open(result(bridge));
      docker.notices().forEach(line -> control.say(List.of(line)));
      ObjectNode config = config(ready, entry, result(bridge), variables, docker);
      result(sources);
      if (!entry.isRoot()) {
        openTo(control);
      }
      String id = create(config);
      SandboxRecord record = SandboxRecord.cold(ready, variables.secretNames());
      return new Prepared(record, id, variables.secrets());
    }
  }

  /** The job's variables, with those of the jobs before it. */
  JobEnvironment environment() {
    return new JobEnvironment(
        parts, settings, assignment, new InputFiles(parts, assignment).variables());
  }

  /** A process that died may have asked for the same container, which the engine makes later. */
  private String create(ObjectNode config) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return parts.engine().createContainer(attempt.container(home), config);
      } catch (EsteiraException e) {
        if (e.code() != ErrorCode.CONFLICT || tries >= CREATE_TRIES_MAX) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(CREATE_PAUSE_MILLIS);
      parts.engine().removeContainer(attempt.container(home));
    }
  }

  private void wipe() {
    parts.engine().removeContainer(attempt.container(home));
    Services.remove(parts, attempt);
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

  private String image(ControlDirectory control, JobEnvironment variables) {
    String written = assignment.job().image();
    JobImages images = new JobImages(parts, assignment, control);
    return Workplace.isScript(assignment.job())
        ? images.ready(written, variables)
        : images.ready(written);
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

  private ObjectNode config(
      String image,
      Entry entry,
      Networks.Bridge bridge,
      JobEnvironment environment,
      DockerService docker) {
    String inside = Workplace.of(assignment).path();
    SandboxSpec spec =
        new SandboxSpec(
            image,
            entry,
            inside,
            "supervisor.sh",
            environment.list(),
            attempt.owner(),
            attempt.key(),
            binds(inside, docker),
            docker.hosts(bridge),
            bridge.network());
    return spec.json(home, settings, parts.networks().houseAddress());
  }

  private List<String> binds(String inside, DockerService docker) {
    List<String> binds = new ArrayList<>();
    binds.add(attempt.workspace(home) + ":" + inside);
    binds.add(attempt.control(home).path() + ":" + ControlDirectory.INSIDE);
    binds.add(attempt.door(home) + ":" + ControlDirectory.INSIDE + "/door:ro");
    binds.addAll(docker.binds());
    return binds;
  }
}
