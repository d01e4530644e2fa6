package dev.esteira.base;

import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition, in the one place of the tests that pauses between two looks. */
public final class Awaiting {
  private static final long LIMIT_MILLIS = 180_000;
  private static final long PAUSE_MILLIS = 5;

  private Awaiting() {}

  public static void until(BooleanSupplier condition) throws InterruptedException {
    var _ = until(condition::getAsBoolean, Boolean::booleanValue);
  }

  /** As {@link #until(BooleanSupplier)}; says what it waited for, and how things stand then. */
  public static void until(BooleanSupplier condition, Supplier<String> waitedFor)
      throws InterruptedException {
    try {
      until(condition);
    } catch (AssertionError e) {
      throw new AssertionError("waited in vain for " + waitedFor.get(), e);
    }
  }

  /** What was seen when it was as wanted. */
  public static <T> T until(Supplier<T> look, Predicate<T> wanted) throws InterruptedException {
    long end = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
    T seen = look.get();
    while (!wanted.test(seen)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + LIMIT_MILLIS + " ms, but at last: " + seen);
      }
      Thread.sleep(PAUSE_MILLIS);
      seen = look.get();
    }
    return seen;
  }
}
