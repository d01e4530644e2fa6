package dev.esteira.acceptance;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Takes the shared house down when all tests have run, however they ended. */
public final class HouseKeeper implements LauncherSessionListener {
  @Override
  public void launcherSessionClosed(LauncherSession session) {
    TestHouse.downShared();
  }
}
