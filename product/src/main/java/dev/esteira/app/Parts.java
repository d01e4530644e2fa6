package dev.esteira.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Parts in the order in which they were opened; closed in reverse, whatever one of them throws. */
final class Parts implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Parts.class.getName());

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Remembers a part to close; returns it. */
  synchronized <T extends AutoCloseable> T add(T part) {
    open.push(part);
    return part;
  }

  @Override
  public synchronized void close() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "could not close " + part, e);
      }
    }
  }
}
