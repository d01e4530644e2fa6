package dev.esteira.engine;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request. A large body goes from a thread of its own, because the engine may answer (and
 * fill the connection) before it has read all.
 */
final class BodySender {
  private static final long STOP_MILLIS_MAX = 1000;

  private final HttpConnection connection;
  private final String head;
  private final RequestBody body;
  private @Nullable Thread thread;
  private volatile boolean done;
  private volatile @Nullable IOException failure;

  BodySender(HttpConnection connection, String head, RequestBody body) {
    this.connection = connection;
    this.head = head;
    this.body = body;
  }

  void start() {
    if (body.isSmall()) {
      send();
    } else {
      thread = Thread.ofVirtual().name("engine-body").start(this::send);
    }
  }

  private void send() {
    try {
      connection.out().write(HttpConnection.ascii(head));
      body.send(connection.out());
      done = true;
    } catch (RequestBody.SourceException e) {
      // The engine must not take the part that it has for the whole.
      failure = e;
      connection.close();
    } catch (IOException e) {
      // The engine stopped reading; its answer, if there is one, says why.
      failure = e;
    }
  }

  /** Whether the request went out whole. */
  boolean isDone() {
    return done;
  }

  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Ends the sending; the connection is closed already. */
  void stop() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join(STOP_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
