package dev.esteira.runner;

import dev.esteira.net.Networks;
import dev.esteira.store.Ledger;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A runner whose process seems to die at one moment of taking over a sandbox. */
final class TestingCrash {
  /** Before or after the first or second thing that the runner records, or the bridge changes. */
  enum Moment {
    BEFORE_TAKEN,
    AFTER_TAKEN,
    BEFORE_BRIDGE,
    AFTER_BRIDGE,
    BEFORE_BEGUN,
    AFTER_BEGUN
  }

  /** What no part of the house catches, so that its thread ends there and then. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  private final TestingHouse house;
  private final Moment moment;
  private final AtomicInteger writes = new AtomicInteger();
  private volatile boolean armed;
  private volatile boolean dead;

  TestingCrash(TestingHouse house, Moment moment) {
    this.house = house;
    this.moment = moment;
  }

  /** From now on, what is recorded counts. */
  void arm() {
    armed = true;
  }

  boolean happened() {
    return dead;
  }

  SandboxRunner runner() {
    Ledger ledger =
        wrapped(
            Ledger.class,
            house.ledger,
            (method, work) -> {
              if (!armed || !method.getName().equals("write")) {
                return work.run();
              }
              int write = writes.incrementAndGet();
              die(write == 1, Moment.BEFORE_TAKEN);
              die(write == 2, Moment.BEFORE_BEGUN);
              Object result = work.run();
              die(write == 1, Moment.AFTER_TAKEN);
              die(write == 2, Moment.AFTER_BEGUN);
              return result;
            });
    Networks networks =
        wrapped(
            Networks.class,
            house.networks,
            (method, work) -> {
              boolean bridge = armed && method.getName().equals("handOver");
              die(bridge, Moment.BEFORE_BRIDGE);
              Object result = work.run();
              die(bridge, Moment.AFTER_BRIDGE);
              return result;
            });
    return house.runner(1, ledger, networks);
  }

  /** A runner that does this just before a bridge changes hands. */
  static SandboxRunner networks(TestingHouse house, Runnable first) {
    Networks networks =
        wrapped(
            Networks.class,
            house.networks,
            (method, work) -> {
              if (method.getName().equals("handOver")) {
                first.run();
              }
              return work.run();
            });
    return house.runner(1, house.ledger, networks);
  }

  private void die(boolean here, Moment at) {
    if (dead || (here && at == moment)) {
      dead = true;
      throw new Death();
    }
  }

  private interface Work {
    Object run() throws Throwable;
  }

  private interface Around {
    Object call(Method method, Work work) throws Throwable;
  }

  private static <T> T wrapped(Class<T> type, T real, Around around) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) ->
                around.call(
                    method,
                    () -> {
                      try {
                        return method.invoke(real, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
    return type.cast(proxy);
  }
}
