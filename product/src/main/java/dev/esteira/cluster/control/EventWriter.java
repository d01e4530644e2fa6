package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.ClusterEvents;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Records Events behind the back of those who have urgent things to do; in order. */
final class EventWriter implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(EventWriter.class.getName());
  private static final int WAITING_MAX = 2_000;

  private record Item(
      ClusterEvents.Type type,
      ObjectNode about,
      String fieldPath,
      String component,
      String reason,
      String message) {}

  private final ClusterEvents events;
  private final BlockingQueue<Item> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Thread writer;

  EventWriter(ClusterEvents events) {
    this.events = events;
    this.writer = Thread.ofVirtual().name("events").unstarted(this::write);
  }

  void start() {
    writer.start();
  }

  /** More than the limit waiting: the Event is lost, the work goes on. */
  void tell(
      ClusterEvents.Type type,
      ObjectNode about,
      String fieldPath,
      String component,
      String reason,
      String message) {
    if (!waiting.offer(new Item(type, about, fieldPath, component, reason, message))) {
      LOG.fine(() -> "too many Events waiting, lost " + reason + ": " + message);
    }
  }

  private void write() {
    try {
      while (true) {
        Item item = waiting.take();
        try {
          events.record(
              item.type(),
              item.about(),
              item.fieldPath(),
              item.component(),
              item.reason(),
              item.message());
        } catch (RuntimeException e) {
          LOG.log(Level.FINE, "could not record an Event", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    writer.interrupt();
  }
}
