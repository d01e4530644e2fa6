package dev.esteira.runner;

import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.base.Programs;
import dev.esteira.net.Networks;
import dev.esteira.pipeline.JobRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes a waiting sandbox the sandbox of an attempt. Its directory becomes the attempt's, its
 * bridge the job's, and its workspace appears where the project's name says. What the job can see
 * is as if the container had been made for it.
 *
 * <pre>
 *  recorded as taken ---> files, sources, bridge, Docker API, variables ---> recorded as begun
 *      ---> the order to begin is moved into the control directory ---> the bell rings
 * </pre>
 *
 * <p>A crash before it is recorded as begun: no command of the job has run; the sandbox is thrown
 * away. A crash after that: the last two are done again, which changes nothing that was done.
 */
final class WarmStart {
  /** Where the workspace is in a sandbox that waits. */
  static final String STAGED = "/run/esteira-work";

  private static final Duration MOVE_LIMIT = Duration.ofSeconds(10);
  private static final String MOVE =
      "mkdir -p \"$1\" && mount --no-mtab --move " + STAGED + " \"$1\" && rmdir " + STAGED;

  private final Parts parts;
  private final RunnerSettings settings;
  private final JobRunner.Assignment assignment;
  private final Attempt attempt;
  private final Home home;
  private final WarmMember member;
  private volatile boolean moved;

  WarmStart(
      Parts parts, RunnerSettings settings, JobRunner.Assignment assignment, WarmMember member) {
    this.parts = parts;
    this.settings = settings;
    this.assignment = assignment;
    this.attempt = Attempt.of(assignment);
    this.home = parts.home();
    this.member = member;
  }

  /** Makes all ready but the order to begin, which waits where no sandbox sees it. */
  Preparation.Prepared prepare(JobScript script, List<String> header) throws InterruptedException {
    Preparation preparation = new Preparation(parts, settings, assignment);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> workspace = threads.submit(this::moveWorkspace);
      Future<JobEnvironment> environment = threads.submit(preparation::environment);
      takeDirectory();
      Future<Networks.Bridge> door =
          threads.submit(() ->
              SandboxDoor.open(
                  parts, assignment, parts.networks().handOver(member.owner(), attempt.owner())));
      preparation.write(script);
      attempt.control(home).say(header);
      JobEnvironment variables = Preparation.result(environment);
      EnvironmentNotes.write(attempt.directory(home), variables.values());
      Future<?> sources = threads.submit(() -> preparation.sources(variables));
      Preparation.writeFiles(attempt.control(home), variables.files());
      write(secretsFile(), Json.write(variables.secrets()));
      DockerService docker = new DockerService(parts, assignment, variables);
      docker.notices().forEach(line -> attempt.control(home).say(List.of(line)));
      Networks.Bridge bridge = Preparation.result(door);
      docker.open(bridge);
      write(order(), docker.order(bridge) + text(variables.list()));
      new Services(parts, settings, assignment, variables).start(bridge);
      Preparation.result(workspace);
      Preparation.result(sources);
      SandboxRecord record = SandboxRecord.taken(member).begun(variables.secretNames());
      return new Preparation.Prepared(record, member.container(), variables.secrets());
    }
  }

  /** Mounts follow a directory that is moved. */
  private void takeDirectory() {
    try {
      Directories.delete(attempt.directory(home));
      Files.createDirectories(attempt.directory(home).getParent());
      Files.move(member.directory(home), attempt.directory(home), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("could not take over " + member.directory(home), e);
    }
  }

  /** Only the container's own view of its files changes, so it ends with the container. */
  private void moveWorkspace() {
    Commands.check(
        MOVE_LIMIT,
        "",
        List.of(
            Programs.require("nsenter"),
            "--target",
            Long.toString(member.pid()),
            "--mount",
            // Where we live in a changed root ourselves, the namespace's own is another one.
            "--root",
            "--pid",
            "/bin/sh",
            "-c",
            MOVE,
            "sh",
            Workplace.of(assignment).path()));
    moved = true;
  }

  /** Whether what needs the host's help worked; the rest is as for any sandbox. */
  boolean moved() {
    return moved;
  }

  /** Replaces the waiting shell by the supervisor, with the variables of this job alone. */
  private String text(List<String> variables) {
    StringBuilder text = new StringBuilder();
    text.append("rm -f ").append(ControlDirectory.INSIDE).append("/begin\n");
    text.append("cd ")
        .append(JobScript.quoted(Workplace.of(assignment).path()))
        .append(" || exit 1\nexec /usr/bin/env -u OLDPWD -u PWD");
    variables.forEach(variable -> text.append(" \\\n  ").append(JobScript.quoted(variable)));
    return text.append(" \\\n  /bin/sh ")
        .append(ControlDirectory.INSIDE)
        .append("/supervisor.sh\n")
        .toString();
  }

  private Path order() {
    return attempt.directory(home).resolve("begin");
  }

  private Path secretsFile() {
    return attempt.directory(home).resolve("secrets.json");
  }

  private static void write(Path file, String text) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /** The values that the sandbox was given, if it was taken over. */
  static Optional<List<String>> secrets(Home home, Attempt attempt) {
    Path file = attempt.directory(home).resolve("secrets.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(List.of(Json.read(Files.readString(file), String[].class)));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }

  /** Tells the sandbox to begin; told again, it does nothing. */
  void begin() {
    Path control = attempt.control(home).path();
    try {
      if (Files.exists(order())) {
        // Replaces a link, never follows one.
        Files.move(order(), control.resolve("begin"), StandardCopyOption.ATOMIC_MOVE);
      }
      ring(control.resolve("bell"));
    } catch (IOException e) {
      throw new UncheckedIOException("could not tell " + member.name(home) + " to begin", e);
    }
  }

  /** Opened for both ways, a named pipe lets in also when nobody listens. */
  private static void ring(Path bell) throws IOException {
    boolean listens =
        Files.exists(bell, LinkOption.NOFOLLOW_LINKS)
            && Files.readAttributes(bell, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther();
    if (!listens) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(
            bell, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.write(ByteBuffer.wrap("ring\n".getBytes(StandardCharsets.UTF_8)));
    }
  }
}
