package dev.esteira.runner;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.engine.Engine;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Knows when a container has ended, over restarts of the engine. */
final class ContainerWatch implements Runnable {
  private static final long PAUSE_MILLIS = 200;
  private static final long END_MILLIS_MAX = 10_000;
  private static final long POLL_MILLIS = 10;

  private final Engine engine;
  private final String container;
  private volatile Optional<String> end = Optional.empty();

  ContainerWatch(Engine engine, String container) {
    this.engine = engine;
    this.container = container;
  }

  String container() {
    return container;
  }

  /** In words, how the container ended, once it has. */
  Optional<String> end() {
    return end;
  }

  /** Returns when it has ended; one that does not by itself is stopped. */
  void awaitEnd() throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS_MAX);
    while (end.isEmpty() && System.nanoTime() < limit) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    if (end.isEmpty()) {
      engine.stopContainer(container, 0);
    }
  }

  @Override
  public void run() {
    try {
      while (end.isEmpty()) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      Engine.Exit exit = engine.waitContainer(container);
      boolean runs =
          engine
              .inspectContainer(container)
              .map(c -> c.path("State").path("Running").asBoolean())
              .orElse(false);
      if (!runs) {
        end = Optional.of("its container ended with code " + exit.code());
      }
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        end = Optional.of("its container is gone");
        return;
      }
      // The engine is away; its containers live on.
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }
}
