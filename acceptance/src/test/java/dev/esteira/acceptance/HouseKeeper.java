package dev.esteira.acceptance;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Removes the shared house when all tests have run, however they ended. */
public final class HouseKeeper implements LauncherSessionListener {
  @Override
  public void launcherSessionClosed(LauncherSession session) {
    TestHouse.removeShared();
  }
}
