package dev.esteira.edge.elb;

import dev.esteira.edge.elb.HealthMachine.Outcome;
import dev.esteira.edge.elb.HealthState.Member;
import dev.esteira.edge.elb.HealthState.Status;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs the checks of all groups when they are due. A target whose first check has not passed is
 * looked at more often than its group asks for, so that it serves as soon as it can; only failures
 * at the group's own pace count.
 */
final class Checks implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Checks.class.getName());
  private static final long TICK_MILLIS = 100;
  private static final long EAGER_MILLIS = 500;
  private static final int AT_ONCE_MAX = 256;

  /** Where a member is checked, at the time of the check. */
  @FunctionalInterface
  interface Runner {
    Outcome check(String group, HealthState state, Member member);
  }

  /** Hears of each check. */
  @FunctionalInterface
  interface Hearer {
    void checked(String group, String key, Outcome outcome, boolean counts);
  }

  private static final class Pace {
    private long countsAtNanos;
    private long nextAtNanos;
    private boolean running;
  }

  private final Supplier<Map<String, HealthState>> groups;
  private final Runner runner;
  private final Hearer hearer;
  private final Map<String, Pace> paces = new ConcurrentHashMap<>();
  private final Semaphore free = new Semaphore(AT_ONCE_MAX);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledThreadPoolExecutor ticks =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("elb-checks").factory());

  Checks(Supplier<Map<String, HealthState>> groups, Runner runner, Hearer hearer) {
    this.groups = groups;
    this.runner = runner;
    this.hearer = hearer;
  }

  void start() {
    ScheduledFuture<?> _ =
        ticks.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      long now = System.nanoTime();
      Set<String> seen = new HashSet<>();
      groups
          .get()
          .forEach((group, state) -> {
            if (state.used() && state.check().enabled()) {
              state
                  .members()
                  .forEach((key, member) -> {
                    seen.add(group + "#" + key);
                    visit(group, state, key, member, now);
                  });
            }
          });
      paces.keySet().retainAll(seen);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "could not look which health checks are due", e);
    }
  }

  private void visit(String group, HealthState state, String key, Member member, long now) {
    if (member.status() instanceof Status.Draining) {
      paces.remove(group + "#" + key);
      return;
    }
    Pace pace = paces.computeIfAbsent(group + "#" + key, _ -> fresh(now));
    synchronized (pace) {
      if (pace.running || now - pace.nextAtNanos < 0 || !free.tryAcquire()) {
        return;
      }
      pace.running = true;
      boolean counts = now - pace.countsAtNanos >= 0;
      if (counts) {
        pace.countsAtNanos = now + TimeUnit.SECONDS.toNanos(state.check().intervalSeconds());
      }
      threads.execute(() -> run(group, state, key, member, pace, counts));
    }
  }

  private static Pace fresh(long now) {
    Pace pace = new Pace();
    pace.countsAtNanos = now;
    pace.nextAtNanos = now;
    return pace;
  }

  private void run(
      String group, HealthState state, String key, Member member, Pace pace, boolean counts) {
    try {
      Outcome outcome = runner.check(group, state, member);
      hearer.checked(group, key, outcome, counts);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the health check of " + key + " failed by our own fault", e);
    } finally {
      free.release();
      boolean eager =
          !(member.status() instanceof Status.Healthy
              || member.status() instanceof Status.Unhealthy);
      synchronized (pace) {
        long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EAGER_MILLIS);
        pace.nextAtNanos = eager && soon - pace.countsAtNanos < 0 ? soon : pace.countsAtNanos;
        pace.running = false;
      }
    }
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    threads.shutdownNow();
  }
}
