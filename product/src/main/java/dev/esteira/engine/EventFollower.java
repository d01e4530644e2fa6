package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the engine's events on a thread of its own and connects again when they break off. Events
 * of the time between are asked for; because an engine that was killed has none of that time, the
 * sink is told of the reconnection as well.
 */
final class EventFollower implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventFollower.class.getName());
  private static final int RETRY_MILLIS = 100;

  private final DockerEngine engine;
  private final Consumer<JsonNode> sink;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Engine.@Nullable Answer answer;
  private boolean connectedBefore;
  private long lastNanos;

  EventFollower(DockerEngine engine, Consumer<JsonNode> sink) {
    this.engine = engine;
    this.sink = sink;
    this.thread = Thread.ofVirtual().name("engine-events").unstarted(this::run);
  }

  EventFollower start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (!closed) {
        readOnce();
        if (!closed) {
          Thread.sleep(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readOnce() {
    try (Engine.Answer opened =
        engine.send("GET", "/events" + since(), List.of(), InputStream.nullInputStream())) {
      answer = opened;
      if (closed || opened.status() != 200) {
        return;
      }
      if (connectedBefore) {
        give(Json.object().put("Type", "daemon").put("Action", "reconnected"));
      }
      connectedBefore = true;
      read(opened.in());
    } catch (IOException | EsteiraException e) {
      LOG.log(Level.DEBUG, "the engine''s events broke off: {0}", e.getMessage());
    }
  }

  private String since() {
    return lastNanos == 0
        ? ""
        : "?since=%d.%09d".formatted(lastNanos / 1_000_000_000, lastNanos % 1_000_000_000);
  }

  private void read(InputStream in) throws IOException {
    try (MappingIterator<JsonNode> events =
        Json.mapper().readerFor(JsonNode.class).readValues(in)) {
      while (events.hasNextValue()) {
        JsonNode event = events.nextValue();
        long nanos = event.path("timeNano").asLong();
        if (nanos > lastNanos) {
          lastNanos = nanos;
          give(event);
        }
      }
    }
  }

  private void give(JsonNode event) {
    try {
      sink.accept(event);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a follower of the engine's events failed", e);
    }
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
