package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells a listener all objects of a kind, then each change, and all again after a gap. */
final class Watcher implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Watcher.class.getName());
  private static final long WAIT_MILLIS = 60_000;
  private static final long RETRY_MILLIS = 200;

  /** Called by one thread, in order. */
  interface Listener {
    /** Everything that there is now; what is not in it is gone. */
    void listed(List<ObjectNode> objects);

    void changed(ObjectNode object, Optional<ObjectNode> before);

    void deleted(ObjectNode object);
  }

  private final Objects objects;
  private final Kind kind;
  private final Listener listener;
  private volatile boolean closed;
  private volatile Objects.@Nullable Watch watch;

  Watcher(Objects objects, Kind kind, Listener listener) {
    this.objects = objects;
    this.kind = kind;
    this.listener = listener;
  }

  void start() {
    Thread.ofVirtual().name("watch-" + kind.plural()).start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        follow();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ApiException e) {
        LOG.log(Level.FINE, "lists " + kind.plural() + " again", e);
      } catch (RuntimeException e) {
        if (closed) {
          return;
        }
        LOG.log(Level.WARNING, "watch of " + kind.plural() + " failed, lists again", e);
        pause();
      }
    }
  }

  private void follow() throws InterruptedException {
    long revision = objects.revision();
    listener.listed(objects.list(kind, Optional.empty()));
    try (Objects.Watch open = objects.watch(kind, revision)) {
      watch = open;
      while (!closed) {
        open.next(WAIT_MILLIS).ifPresent(this::tell);
      }
    }
  }

  private void tell(Objects.Change change) {
    switch (change.type()) {
      case ADDED, MODIFIED -> listener.changed(change.object(), change.before());
      case DELETED -> listener.deleted(change.object());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    Objects.Watch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
