package dev.esteira.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Service;
import dev.esteira.edge.Edge.Target;
import dev.esteira.edge.Edge.TargetState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class HaproxyEdgeTest {
  private static final String APP = "service/default/app/80";

  @TempDir private Path directory;
  private EdgeLab lab;

  @BeforeEach
  void open() {
    lab = new EdgeLab(directory);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Service app(int stickySeconds) {
    return new Service(APP, Mode.HTTP, List.of(lab.address(9)), 80, stickySeconds);
  }

  private Set<String> answers(int requests) throws IOException {
    Set<String> bodies = new HashSet<>();
    for (int i = 0; i < requests; i++) {
      bodies.add(LoadClient.get(lab.address(9), 80));
    }
    return bodies;
  }

  @Test
  void aServiceAnswersAtItsAddressesWithAllItsTargets() throws Exception {
    lab.edge.put(app(0));
    lab.edge.add(APP, lab.backend("a"));
    lab.edge.add(APP, lab.backend("b"));
    assertEquals(Set.of("a", "b"), answers(4));
    assertTrue(Set.of("a", "b").contains(LoadClient.get(lab.loopback(9), 80)));
    List<TargetState> states = lab.edge.targets(APP);
    assertEquals(List.of("UP", "UP"), states.stream().map(TargetState::status).toList());
    Service moved = new Service(APP, Mode.TCP, List.of(lab.address(8)), 81, 0);
    lab.edge.put(moved);
    assertEquals(List.of(moved), lab.edge.services());
    assertTrue(Set.of("a", "b").contains(LoadClient.get(lab.address(8), 81)));
    assertThrows(IOException.class, () -> LoadClient.get(lab.address(9), 80));
    lab.edge.remove(APP);
    assertThrows(IOException.class, () -> LoadClient.get(lab.address(8), 81));
    lab.edge.remove(APP);
  }

  @Test
  void rollingThroughTargetsUnderLoadFailsNoRequest() throws Exception {
    lab.edge.put(app(0));
    Target a = lab.backend("a");
    Target b = lab.backend("b");
    lab.edge.add(APP, a);
    try (LoadClient load = new LoadClient(lab.address(9), 80, 4, 4)) {
      load.await("a", 200);
      for (int round = 0; round < 5; round++) {
        lab.edge.add(APP, b);
        load.await("b", 50);
        lab.edge.drain(APP, "a", 5_000);
        assertEquals(List.of("b"), lab.edge.targets(APP).stream().map(TargetState::id).toList());
        lab.edge.add(APP, a);
        load.await("a", 50);
        lab.edge.drain(APP, "b", 5_000);
      }
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void aKilledTargetFailsNoRequest() throws Exception {
    lab.edge.put(app(0));
    for (String id : List.of("a", "b", "c")) {
      lab.edge.add(APP, lab.backend(id));
    }
    try (LoadClient load = new LoadClient(lab.address(9), 80, 4, 4)) {
      load.await("a", 200);
      lab.kill(0);
      load.await("b", 500);
      lab.kill(1);
      load.await("c", 500);
      lab.edge.drop(APP, "a");
      lab.edge.drop(APP, "b");
      load.await("c", 200);
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void aKilledHaproxyComesBackWithEverything() throws Exception {
    lab.edge.put(app(0));
    lab.edge.add(APP, lab.backend("a"));
    long before = lab.haproxyPid();
    assertTrue(ProcessHandle.of(before).orElseThrow().destroyForcibly());
    long start = System.nanoTime();
    while (!answersNow()) {
      assertTrue(System.nanoTime() - start < 20_000_000_000L, "not back within 20 s");
    }
    assertNotEquals(before, lab.haproxyPid());
    lab.edge.add(APP, lab.backend("b"));
    lab.edge.drain(APP, "a", 1_000);
    assertEquals(Set.of("b"), answers(3));
  }

  private boolean answersNow() {
    try {
      return LoadClient.get(lab.address(9), 80).equals("a");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void trafficFlowsWhileWeAreAwayAndARestartAdoptsTheSameHaproxy() throws Exception {
    lab.edge.put(app(0));
    lab.edge.add(APP, lab.backend("a"));
    Target b = lab.backend("b");
    long before = lab.haproxyPid();
    try (LoadClient load = new LoadClient(lab.address(9), 80, 2, 2)) {
      load.await("a", 50);
      for (int round = 0; round < 5; round++) {
        lab.edge.close();
        load.await("a", 50);
        new EdgeTables(lab.ledger).add(APP, b);
        lab.reopen();
        load.await("b", 50);
        lab.edge.drain(APP, "b", 2_000);
      }
      assertEquals(List.of(), load.failures());
    }
    assertEquals(before, lab.haproxyPid());
  }

  @Test
  void aStickyServiceKeepsAClientUntilItsTargetDrains() throws Exception {
    lab.edge.put(app(10_800));
    lab.edge.add(APP, lab.backend("a"));
    lab.edge.add(APP, lab.backend("b"));
    Set<String> first = answers(10);
    assertEquals(1, first.size());
    lab.edge.drain(APP, first.iterator().next(), 2_000);
    Set<String> second = answers(10);
    assertEquals(1, second.size());
    assertNotEquals(first, second);
  }

  @Test
  void anAddressHasOneServiceAndUnknownServicesTakeNoTargets() {
    lab.edge.put(app(0));
    Service other = new Service("service/default/o/80", Mode.TCP, List.of(lab.address(9)), 80, 0);
    EsteiraException taken = assertThrows(EsteiraException.class, () -> lab.edge.put(other));
    assertEquals(ErrorCode.CONFLICT, taken.code());
    EsteiraException unknown =
        assertThrows(
            EsteiraException.class, () -> lab.edge.add("none", new Target("x", "127.0.0.1", 80)));
    assertEquals(ErrorCode.NOT_FOUND, unknown.code());
    lab.edge.drain(APP, "none", 10);
    lab.edge.drop(APP, "none");
  }

  @Test
  void anOlderHaproxyHandsOverToANewOneWithoutAFailure() throws Exception {
    lab.edge.put(app(0));
    lab.edge.add(APP, lab.backend("a"));
    lab.edge.close();
    lab.launchOther();
    ProcessHandle older = ProcessHandle.of(lab.haproxyPid()).orElseThrow();
    try (LoadClient load = new LoadClient(lab.address(9), 80, 0, 4)) {
      load.await("a", 50);
      lab.reopen();
      load.await("a", 200);
      assertEquals(List.of(), load.failures());
    }
    assertNotEquals(older.pid(), lab.haproxyPid());
    older.onExit().join();
  }

  @Test
  void aServiceWhoseAddressCannotBeCapturedLeavesTheOthersAlone() throws Exception {
    lab.edge.put(app(0));
    lab.edge.add(APP, lab.backend("a"));
    Service elsewhere = new Service("service/x/y/80", Mode.HTTP, List.of("192.0.2.77"), 80, 0);
    assertThrows(EsteiraException.class, () -> lab.edge.put(elsewhere));
    assertEquals(List.of(app(0)), lab.edge.services());
    lab.edge.add(APP, lab.backend("b"));
    assertEquals(Set.of("a", "b"), answers(4));
  }

  @Test
  void aStoppedEdgeLeavesNoProcessAndStartsAgainWithItsServices() throws Exception {
    lab.edge.put(app(0));
    lab.edge.add(APP, lab.backend("a"));
    ProcessHandle process = ProcessHandle.of(lab.haproxyPid()).orElseThrow();
    lab.edge.stop();
    process.onExit().get(120, TimeUnit.SECONDS);
    lab.edge.stop();
    lab.edge.start();
    assertEquals(Set.of("a"), answers(2));
  }

  @Test
  void onlySafeRequestsAreSentAgainWhenATargetDiesOverThem() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    lab.edge.put(app(0));
    try (ServerSocket dying = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        CountingServer living = new CountingServer(handled)) {
      Thread.ofVirtual().start(() -> EdgeLab.dieOverRequests(dying, handled));
      lab.edge.add(APP, new Target("dying", "127.0.0.1", dying.getLocalPort()));
      lab.edge.add(APP, new Target("living", "127.0.0.1", living.port()));
      for (int i = 0; i < 20; i++) {
        assertEquals("living", LoadClient.get(lab.address(9), 80));
      }
      assertTrue(handled.get() > 20, "some were tried twice: " + handled);
      handled.set(0);
      int failed = 0;
      for (int i = 0; i < 20; i++) {
        failed += LoadClient.post(lab.address(9), 80) ? 0 : 1;
      }
      assertEquals(20, handled.get());
      assertTrue(failed > 0, "a POST that a target died over is not sent again");
    }
  }
}
