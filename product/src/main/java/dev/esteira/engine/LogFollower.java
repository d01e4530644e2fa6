package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the log of one container on a thread of its own. When the engine restarts it goes on
 * after the last line that it gave.
 */
final class LogFollower implements AutoCloseable {
  private static final int RETRY_MILLIS = 100;
  private static final int RETRIES_MAX = 600;

  private final DockerEngine engine;
  private final String container;
  private final boolean follow;
  private final LogLines lines;
  private final Engine.LogSink sink;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Engine.@Nullable Answer answer;

  LogFollower(
      DockerEngine engine,
      String container,
      boolean follow,
      long sinceSeconds,
      Engine.LogSink sink) {
    this.engine = engine;
    this.container = container;
    this.follow = follow;
    this.lines = new LogLines(sinceSeconds, sink);
    this.sink = sink;
    this.thread = Thread.ofVirtual().name("log-" + container).unstarted(this::run);
  }

  LogFollower start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      int failures = 0;
      boolean ended = false;
      while (!ended && !closed && failures < RETRIES_MAX) {
        String before = lines.since();
        ended = readOnce();
        if (!ended) {
          failures = before.equals(lines.since()) ? failures + 1 : 0;
          Thread.sleep(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lines.flush();
      sink.end();
    }
  }

  /** Reads until the connection ends; whether the log came to its end too. */
  private boolean readOnce() {
    try {
      Optional<JsonNode> found = engine.inspectContainer(container);
      if (found.isEmpty()) {
        return true;
      }
      boolean terminal = found.get().path("Config").path("Tty").asBoolean();
      if (!stream(follow, terminal)) {
        return true;
      }
      if (follow && isRunning()) {
        return false;
      }
      // Docker 20.10 may end a followed log before its last lines; what stands in the file is true.
      if (follow && !closed) {
        stream(false, terminal);
      }
      return true;
    } catch (IOException e) {
      return false;
    } catch (EsteiraException e) {
      return e.code() == ErrorCode.NOT_FOUND;
    }
  }

  /** Reads one answer to its end; whether there is a log at all. */
  private boolean stream(boolean following, boolean terminal) throws IOException {
    try (Engine.Answer opened = open(following)) {
      answer = opened;
      if (closed || opened.status() == 404) {
        return false;
      }
      if (opened.status() != 200) {
        throw new IOException("the engine answered status " + opened.status());
      }
      lines.resume();
      if (terminal) {
        lines.terminal(opened.in());
      } else {
        LogFrames.read(opened.in(), (from, bytes) -> lines.message(from == 2 ? 2 : 1, bytes));
      }
    }
    return true;
  }

  private boolean isRunning() {
    return engine
        .inspectContainer(container)
        .map(c -> c.path("State").path("Running").asBoolean())
        .orElse(false);
  }

  private Engine.Answer open(boolean following) {
    String path =
        "/containers/%s/logs?stdout=1&stderr=1&timestamps=1&follow=%d&since=%s"
            .formatted(EngineCalls.encode(container), following ? 1 : 0, lines.since());
    return engine.send("GET", path, List.of(), InputStream.nullInputStream());
  }

  @Override
  public void close() {
    closed = true;
    Engine.Answer opened = answer;
    if (opened != null) {
      opened.close();
    }
    thread.interrupt();
  }
}
