package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.engine.Engine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Waits for the end of each running init, one thread for each, and tells the book how it was. */
final class InitWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(InitWatch.class.getName());

  private final Ground ground;
  private final InstanceBook book;
  private final Map<String, Thread> watched = new ConcurrentHashMap<>();

  InitWatch(Ground ground, InstanceBook book) {
    this.ground = ground;
    this.book = book;
  }

  /** Begins, in place of an earlier watch of the same instance. */
  void begin(String id, int boot, String containerId) {
    Thread thread =
        Thread.ofVirtual().name("init-" + id).unstarted(() -> watch(id, boot, containerId));
    Thread before = watched.put(id, thread);
    if (before != null) {
      before.interrupt();
    }
    thread.start();
  }

  void end(String id) {
    Thread thread = watched.remove(id);
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void watch(String id, int boot, String containerId) {
    try {
      Engine.Exit exit = ground.engine().waitContainer(containerId);
      LifeEvent.End end = new Box(ground, id).howItEnded(exit.code());
      LOG.info(() -> "init of " + id + " ended: " + end + ", exit code " + exit.code());
      if (watched.remove(id, Thread.currentThread())) {
        book.deliver(id, new LifeEvent.InitEnded(boot, end));
      }
    } catch (InterruptedException e) {
      // Told to stop watching.
    } catch (EsteiraException e) {
      if (watched.remove(id, Thread.currentThread())) {
        LOG.log(Level.WARNING, "the container of " + id + " is gone: " + e.text());
        book.deliver(id, new LifeEvent.InitEnded(boot, LifeEvent.End.CRASH));
      }
    }
  }

  @Override
  public void close() {
    watched.values().forEach(Thread::interrupt);
    watched.clear();
  }
}
