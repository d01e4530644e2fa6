package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GETs over kept and fresh connections, while everything behind them is replaced and killed. */
@Tag("system")
class ZeroFailedRequestsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int UPDATES = 20;
  private static final int KILL_EVERY = 4;
  private static final int CLIENTS = 2;
  private static final int REPLICAS_KILLED = 4;
  private static final int PORT = 80;

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  private final List<WebApplication> applications = new ArrayList<>();

  @AfterEach
  void delete() {
    applications.forEach(WebApplication::delete);
  }

  @Test
  void twentyRollingUpdatesWithFiveKillsOfTheHouseFailNoRequest() {
    WebApplication application = application("rolls");
    GetLoad load = load(application.start("v0"));

    load.during(() -> update(application), this::judge);

    for (int version = 0; version <= UPDATES; version++) {
      assertTrue(load.times("v" + version) > 0, "version " + version + " was never served");
    }
  }

  @Test
  void killedReplicasFailNoRequest() {
    WebApplication application = application("killed");
    GetLoad load = load(application.start("v0"));

    load.during(() -> killReplicas(application), this::judge);
  }

  private WebApplication application(String prefix) {
    String name = prefix + Long.toString(System.nanoTime() & 0xffffff, 36);
    applications.add(new WebApplication(house.client(directory), name));
    return applications.getLast();
  }

  /** The address of the load balancer on the host's own loopback. */
  private static GetLoad load(String address) {
    return new GetLoad(address.replaceFirst("^10\\.", "127."), PORT, CLIENTS);
  }

  private void update(WebApplication application) {
    for (int update = 1; update <= UPDATES; update++) {
      application.roll("v" + update);
      if (update % KILL_EVERY == 0) {
        house.killProcess();
        house.up();
      }
      application.awaitRollout();
    }
  }

  private void killReplicas(WebApplication application) {
    for (int i = 0; i < REPLICAS_KILLED; i++) {
      String before = application.containers();
      house.killPod(application.pods()[i % 2]);
      application.awaitOthers(before);
    }
    String before = application.containers();
    String pod = application.pods()[0];
    house
        .client(directory)
        .bash(MINUTE, "kubectl delete pod --force --grace-period=0 " + pod)
        .orFail();
    application.awaitOthers(before);
  }

  private void judge(GetLoad load) {
    System.out.println(load.answered() + " answers, " + load.failed() + " failed");
    assertEquals(List.of(), load.failures());
    assertEquals(0, load.failed());
    assertTrue(load.answered() > 1000, "too few requests to tell: " + load.answered());
  }
}
