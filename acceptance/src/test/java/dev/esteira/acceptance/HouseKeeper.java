package dev.esteira.acceptance;

import java.util.Optional;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Removes the shared house when all tests have run, however they ended. Sessions that only look for
 * tests have none.
 */
public final class HouseKeeper implements LauncherSessionListener {
  private static Optional<TestHouse> kept = Optional.empty();

  static synchronized void keep(TestHouse house) {
    kept = Optional.of(house);
  }

  private static synchronized void remove() {
    kept.ifPresent(TestHouse::remove);
    kept = Optional.empty();
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    remove();
  }
}
