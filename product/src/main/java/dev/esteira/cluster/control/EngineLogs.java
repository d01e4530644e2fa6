package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.PodLogs;
import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Status;
import dev.esteira.engine.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The output of pods' containers, running or ended, from the engine. */
final class EngineLogs implements PodLogs {
  private static final int WAITING_LINES_MAX = 2_000;
  private static final long TAIL_LINES_MAX = 1_000_000;
  private static final long LOOK_MILLIS = 30_000;

  private final Objects objects;
  private final Engine engine;
  private final PodRunner runner;
  private final String home;

  EngineLogs(Objects objects, Engine engine, PodRunner runner, String home) {
    this.objects = objects;
    this.engine = engine;
    this.runner = runner;
    this.home = home;
  }

  /** A line, or the end. */
  private record Line(String timestamp, byte[] text, boolean end) {}

  @Override
  public void write(Request request, OutputStream out) throws IOException, InterruptedException {
    String container = containerName(request);
    Output to = new Output(request, out);
    String since = request.since().map(Instant::toString).orElse("");
    ArrayDeque<Line> tail = new ArrayDeque<>();
    long keep = request.tailLines().orElse(Long.MAX_VALUE);
    String last = since;
    // What is there already comes first, so that its last lines can be told apart.
    try (Reading reading = new Reading(container, false, request.since())) {
      for (Line line = reading.next(); !line.end(); line = reading.next()) {
        if (line.timestamp().compareTo(since) < 0) {
          continue;
        }
        last = line.timestamp();
        if (keep > TAIL_LINES_MAX) {
          to.line(line);
        } else if (keep > 0) {
          tail.addLast(line);
          if (tail.size() > keep) {
            tail.removeFirst();
          }
        }
      }
    }
    for (Line line : tail) {
      to.line(line);
    }
    out.flush();
    if (request.follow()) {
      follow(container, last, to, out);
    }
  }

  private void follow(String container, String last, Output to, OutputStream out)
      throws IOException, InterruptedException {
    Optional<Instant> since = last.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(last));
    try (Reading reading = new Reading(container, true, since)) {
      for (Line line = reading.next(); !line.end() && !to.full(); line = reading.next()) {
        if (line.timestamp().compareTo(last) > 0) {
          to.line(line);
          if (reading.idle()) {
            out.flush();
          }
        }
      }
    }
    out.flush();
  }

  /** What the engine calls the container whose output is wanted. */
  private String containerName(Request request) {
    ObjectNode pod =
        objects
            .get(Kind.POD, request.namespace(), request.pod())
            .orElseThrow(() -> ApiException.notFound(Kind.POD, request.pod()));
    Container container =
        runner
            .actor(Tree.uid(pod))
            .flatMap(a -> a.state().container(request.container()))
            .orElseThrow(
                () -> PodLogs.waiting(request.container(), request.pod(), "ContainerCreating"));
    PodNames names = new PodNames(home, Tree.uid(pod), request.namespace(), request.pod());
    boolean ended = container.last().isPresent();
    if (request.previous()) {
      if (!ended) {
        throw PodLogs.noPrevious(request.container(), request.pod());
      }
      return names.container(container.name(), container.attempt() - 1);
    }
    return switch (container.status()) {
      case Status.Running _, Status.Stopping _, Status.Exited _ ->
          names.container(container.name(), container.attempt());
      case Status.Waiting _, Status.Idle _, Status.Pulling _, Status.Starting _ -> {
        if (!ended) {
          throw PodLogs.waiting(request.container(), request.pod(), reason(container));
        }
        yield names.container(container.name(), container.attempt() - 1);
      }
    };
  }

  private static String reason(Container container) {
    return switch (container.status()) {
      case Status.Waiting w when w.pull() -> "trying and failing to pull image";
      case Status.Waiting w -> w.reason();
      case Status.Idle _ -> "PodInitializing";
      default -> "ContainerCreating";
    };
  }

  /** The engine's lines as a queue that this thread reads. */
  private final class Reading implements AutoCloseable, Engine.LogSink {
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(WAITING_LINES_MAX);
    private final AutoCloseable handle;
    private volatile boolean closed;

    Reading(String container, boolean follow, Optional<Instant> since) {
      if (engine.inspectContainer(container).isEmpty()) {
        throw new EsteiraException(
            ErrorCode.NOT_FOUND, "the engine has no output of " + container + " any more");
      }
      long seconds = since.map(Instant::getEpochSecond).orElse(0L);
      this.handle = engine.logs(container, follow, seconds, this);
    }

    Line next() throws InterruptedException {
      while (true) {
        Line line = lines.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (line != null) {
          return line;
        }
      }
    }

    boolean idle() {
      return lines.isEmpty();
    }

    @Override
    public void line(int stream, String timestamp, byte[] text) {
      put(new Line(timestamp, text, false));
    }

    @Override
    public void end() {
      put(new Line("", new byte[0], true));
    }

    private void put(Line line) {
      try {
        while (!closed && !lines.offer(line, 1, TimeUnit.SECONDS)) {
          // The reader is slow: so are we.
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed = true;
      try {
        handle.close();
      } catch (Exception e) {
        throw EsteiraException.internal("could not end the reading of a log", e);
      }
    }
  }

  /** Lines to the client, within its limit of bytes. */
  private static final class Output {
    private final Request request;
    private final OutputStream out;
    private long left;

    Output(Request request, OutputStream out) {
      this.request = request;
      this.out = out;
      this.left = request.bytesMax().orElse(Long.MAX_VALUE);
    }

    boolean full() {
      return left <= 0;
    }

    void line(Line line) throws IOException {
      if (request.timestamps()) {
        bytes((line.timestamp() + " ").getBytes(StandardCharsets.UTF_8));
      }
      bytes(line.text());
      bytes(new byte[] {'\n'});
    }

    private void bytes(byte[] bytes) throws IOException {
      int length = (int) Math.min(bytes.length, left);
      out.write(bytes, 0, length);
      left -= length;
    }
  }
}
