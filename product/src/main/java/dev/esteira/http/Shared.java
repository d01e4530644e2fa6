package dev.esteira.http;

import java.util.concurrent.Executors;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * What all servers of the process share; started once and ended with the process.
 *
 * <p>The pool holds only selectors, one for each listener. Work runs on virtual threads without a
 * bound of their own: a bounded executor starves when its slots are all held by slow uploads.
 */
final class Shared {
  private static final int SELECTORS_MAX = 4_000;
  private static final int BUFFER_BYTES_MAX = 65_536;
  private static final long POOLED_BYTES_MAX = 32L << 20;

  static final QueuedThreadPool POOL = new QueuedThreadPool(SELECTORS_MAX, 1, 10_000);
  static final ScheduledExecutorScheduler SCHEDULER =
      new ScheduledExecutorScheduler("http-timer", true);
  static final ArrayByteBufferPool BUFFERS =
      new ArrayByteBufferPool(
          0, -1, BUFFER_BYTES_MAX, Integer.MAX_VALUE, POOLED_BYTES_MAX, POOLED_BYTES_MAX);

  static {
    POOL.setName("http");
    POOL.setDaemon(true);
    POOL.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    try {
      POOL.start();
      SCHEDULER.start();
    } catch (Exception e) {
      throw new IllegalStateException("could not start the threads of the HTTP servers", e);
    }
  }

  private Shared() {}
}
