package dev.esteira.cluster.control;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keys to look at, each once at a time: a key added while it is worked on is worked on again
 * afterwards. A failure is tried again, first after 20 ms, doubling to at most 10 s.
 */
final class WorkQueue implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WorkQueue.class.getName());
  private static final long RETRY_MILLIS_FIRST = 20;
  private static final long RETRY_MILLIS_MAX = 10_000;

  /** Looks at what the key names and does what is missing. */
  @FunctionalInterface
  interface Reconciler {
    void reconcile(String key);
  }

  private final String name;
  private final Reconciler reconciler;
  private final ScheduledExecutorService timer;
  private final int workers;
  private final Set<String> waiting = new LinkedHashSet<>();
  private final Set<String> working = new HashSet<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private boolean closed;

  WorkQueue(String name, int workers, ScheduledExecutorService timer, Reconciler reconciler) {
    this.name = name;
    this.workers = workers;
    this.timer = timer;
    this.reconciler = reconciler;
  }

  void start() {
    for (int i = 0; i < workers; i++) {
      Thread.ofVirtual().name(name + "-" + i).start(this::work);
    }
  }

  synchronized void add(String key) {
    waiting.add(key);
    notifyAll();
  }

  void addAfter(String key, Duration delay) {
    long millis = Math.max(0, delay.toMillis());
    try {
      var _ = timer.schedule(() -> add(key), millis, TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      LOG.log(Level.FINE, "the timer is closed", e);
    }
  }

  private void work() {
    try {
      for (String key = take(); key != null; key = take()) {
        boolean well = false;
        try {
          reconciler.reconcile(key);
          well = true;
        } catch (RuntimeException e) {
          if (!closed()) {
            LOG.log(Level.INFO, name + " could not settle " + key + ", tries again", e);
          }
        } finally {
          done(key, well);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable String take() throws InterruptedException {
    while (!closed) {
      for (String key : waiting) {
        if (!working.contains(key)) {
          waiting.remove(key);
          working.add(key);
          return key;
        }
      }
      wait();
    }
    return null;
  }

  private void done(String key, boolean well) {
    int failed;
    synchronized (this) {
      working.remove(key);
      failed = well ? 0 : failures.merge(key, 1, Integer::sum);
      if (well) {
        failures.remove(key);
      }
      notifyAll();
    }
    if (failed > 0) {
      long wait = RETRY_MILLIS_FIRST << Math.min(failed - 1, 9);
      addAfter(key, Duration.ofMillis(Math.min(wait, RETRY_MILLIS_MAX)));
    }
  }

  private synchronized boolean closed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
