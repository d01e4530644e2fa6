package dev.esteira.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import dev.esteira.base.Commands;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.engine.DockerEngine;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The addresses and the firewall of a home, with a real engine and real packets. */
@Tag("system")
@Timeout(300)
class LinuxNetworksTest {
  private static final int FRONTEND = 28443;
  private static final int DOOR = 28080;
  private static final int HIDDEN = 28081;
  private static final int AWAY = 28082;

  private static TestingGround ground;
  private static TestingSandboxes sandboxes;
  private static Home home;
  private static Ledger ledger;
  private static LinuxNetworks networks;
  private static DockerEngine engine;
  private static String job;
  private static String other;
  private static String pod;

  @BeforeAll
  static void start() throws Exception {
    ground = new TestingGround();
    home = ground.home;
    ledger = ground.ledger;
    engine = ground.engine;
    networks = ground.networks;
    networks.doors(List.of(DOOR, AWAY));
    sandboxes = new TestingSandboxes(ground);
    sandboxes.listen(networks.houseAddress(), DOOR, "door");
    sandboxes.listen(networks.houseAddress(), FRONTEND, "frontend");
    sandboxes.listen("0.0.0.0", HIDDEN, "hidden");
    job = sandboxes.sandbox("job/1", false);
    other = sandboxes.sandbox("job/2", false);
    pod = sandboxes.sandbox("pods", true);
  }

  @AfterAll
  static void stop() throws Exception {
    sandboxes.close();
    ground.host.stop();
    networks.down();
    ground.close();
    awaitGone("nft", "list", "tables");
    awaitGone("ip", "-brief", "link");
    String routes = Commands.check(List.of("ip", "route", "show", "table", "all"));
    assertFalse(routes.contains(networks.houseRange()), routes);
  }

  /** The kernel takes the links of an ended namespace away a little later. */
  private static void awaitGone(String... command) throws InterruptedException {
    Awaiting.until(() -> Commands.check(List.of(command)), left -> !left.contains(home.id()));
  }

  @Test
  void aDoorOfTheHouseAnswersHostJobsAndPods() throws Exception {
    assertEquals("door", TestingSandboxes.connect(networks.houseAddress(), DOOR));
    for (String container : List.of(job, other, pod)) {
      assertEquals("door", sandboxes.connectFrom(container, networks.houseAddress(), DOOR));
    }
  }

  @Test
  void aSandboxWaitsForAHouseThatIsAwayAndTheHostHearsOfIt() throws Exception {
    // Given a door behind which there is nobody
    assertThrows(
        ConnectException.class, () -> TestingSandboxes.connect(networks.houseAddress(), AWAY));

    // When a sandbox knocks, and the house comes back only then
    FutureTask<String> knocked =
        new FutureTask<>(() -> sandboxes.connectFrom(job, networks.houseAddress(), AWAY));
    Thread.ofVirtual().start(knocked);
    String pid = engine.inspectContainer(job).orElseThrow().path("State").path("Pid").asText();
    Path sockets = Path.of("/proc", pid, "net/tcp");
    String knocking = ":%04X 02 ".formatted(AWAY);
    Awaiting.until(() -> read(sockets).contains(knocking), () -> "a knock in " + read(sockets));
    sandboxes.listen(networks.houseAddress(), AWAY, "back");

    // Then it is let in
    assertEquals("back", knocked.get());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aSandboxReachesNoOtherAddressOfTheHost() throws Exception {
    String gateway = networks.bridge("job/1", false).gateway();
    String othersGateway = networks.bridge("job/2", false).gateway();
    assertEquals("hidden", TestingSandboxes.connect(networks.houseAddress(), HIDDEN));
    List<String> targets =
        new ArrayList<>(List.of(gateway, othersGateway, networks.houseAddress()));
    Commands.check(List.of("ip", "-4", "-o", "address", "show", "scope", "global"))
        .lines()
        .map(line -> line.split(" +")[3].replaceFirst("/.*", ""))
        .forEach(targets::add);
    for (String target : targets) {
      assertEquals("hidden", TestingSandboxes.connect(target, HIDDEN), target);
      assertEquals("", sandboxes.connectFrom(job, target, HIDDEN), target);
      assertEquals("", sandboxes.connectFrom(pod, target, HIDDEN), target);
    }
  }

  @Test
  void sandboxesDoNotReachEachOtherButTheHostReachesThem() throws Exception {
    sandboxes.serveIn(other, 7000);
    String address = sandboxes.address(other);
    assertEquals("", sandboxes.connectFrom(job, address, 7000));
    assertEquals("", sandboxes.connectFrom(pod, address, 7000));
    assertEquals("in-container", TestingSandboxes.connect(address, 7000));
    // A second container of the same owner is a neighbour.
    String neighbour = sandboxes.container("neighbour", networks.bridge("job/2", false));
    assertEquals("in-container", sandboxes.connectFrom(neighbour, address, 7000));
  }

  @Test
  void aCapturedAddressLeadsToTheFrontendFromEverywhere() throws Exception {
    String pool = networks.takePoolAddress("service/default/web");
    String cluster = networks.takeClusterAddress("service/default/web", Optional.empty());
    networks.capture(
        List.of(
            new Networks.Captured(pool, 80, FRONTEND),
            new Networks.Captured(cluster, 8000, FRONTEND)));
    assertEquals("frontend", TestingSandboxes.connect(pool, 80));
    assertEquals("frontend", TestingSandboxes.connect(pool.replaceFirst("^10", "127"), 80));
    assertEquals("frontend", sandboxes.connectFrom(job, pool, 80));
    assertEquals("frontend", sandboxes.connectFrom(pod, cluster, 8000));
    assertEquals("", sandboxes.connectFrom(job, pool, 81));
    assertEquals("", sandboxes.connectFrom(job, networks.houseAddress(), FRONTEND));
    // A new process with the same ledger makes the same table.
    LinuxNetworks again = new LinuxNetworks(home, ledger, engine);
    assertEquals(networks.houseRange(), again.houseRange());
    again.up();
    assertEquals("frontend", sandboxes.connectFrom(pod, cluster, 8000));
    again.capture(List.of(new Networks.Captured(pool, 82, FRONTEND)));
    assertEquals("frontend", sandboxes.connectFrom(job, pool, 82));
    assertEquals("", sandboxes.connectFrom(job, pool, 80));
    again.leave();
    networks.up();
    networks.capture(List.of());
    assertEquals("", sandboxes.connectFrom(job, pool, 82));
  }

  @Test
  void wellKnownPortsOfTheHouseAreRedirected() throws Exception {
    networks.redirect("tcp", 443, DOOR);
    assertEquals("door", TestingSandboxes.connect(networks.houseAddress(), 443));
    assertEquals("door", sandboxes.connectFrom(job, networks.houseAddress(), 443));
    try (DatagramSocket socket =
        new DatagramSocket(
            new InetSocketAddress(InetAddress.getByName(networks.houseAddress()), 28053))) {
      networks.redirect("udp", 53, 28053);
      Thread.ofVirtual().start(() -> TestingSandboxes.answerOnce(socket));
      // bash reads a byte at a time, and a datagram's other bytes are lost with that.
      String udp = "/dev/udp/" + networks.houseAddress() + "/53";
      assertEquals(
          "a",
          sandboxes.bash(
              pod, "exec 3<>" + udp + "; echo ask >&3; read -n 1 -t 5 a <&3; echo -n $a"));
    }
    assertThrows(EsteiraException.class, () -> networks.redirect("icmp", 1, 1));
  }

  @Test
  void theMetadataAddressIsRefusedAtOnce() {
    long began = System.nanoTime();
    assertEquals("", sandboxes.connectFrom(job, "169.254.169.254", 80));
    assertTrue(System.nanoTime() - began < 2_000_000_000L);
  }

  @Test
  void theSourceAddressTellsTheOwner() {
    assertEquals(Optional.of("job/1"), networks.ownerOf(sandboxes.address(job)));
    assertEquals(Optional.of("pods"), networks.ownerOf(sandboxes.address(pod)));
    assertEquals(Optional.empty(), networks.ownerOf(networks.bridge("job/1", false).gateway()));
    assertEquals(Optional.empty(), networks.ownerOf("192.0.2.9"));
    assertEquals(Optional.empty(), networks.ownerOf("not an address"));
  }

  @Test
  void addressesStayWithTheirHolderUntilReleased() {
    String first = networks.takePoolAddress("a");
    assertEquals(first, networks.takePoolAddress("a"));
    assertNotEquals(first, networks.takePoolAddress("b"));
    String cluster = networks.takeClusterAddress("a", Optional.empty());
    EsteiraException taken =
        assertThrows(
            EsteiraException.class, () -> networks.takeClusterAddress("b", Optional.of(cluster)));
    assertEquals(ErrorCode.CONFLICT, taken.code());
    networks.releaseAddress("a");
    assertEquals(cluster, networks.takeClusterAddress("b", Optional.of(cluster)));
    assertThrows(
        EsteiraException.class,
        () -> networks.takeClusterAddress("b", Optional.of(networks.houseAddress())));
  }

  @Test
  void bridgesComeQuicklyAndGoWhole() {
    networks.removeBridge("job/none");
    long began = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      networks.bridge("job/quick-" + i, false);
    }
    long millis = (System.nanoTime() - began) / 5_000_000;
    System.err.println("a bridge takes " + millis + " ms");
    String link = networks.bridge("job/quick-0", false).bridge();
    for (int i = 0; i < 5; i++) {
      networks.removeBridge("job/quick-" + i);
    }
    assertFalse(Files.exists(Path.of("/sys/class/net", link)));
    assertTrue(millis < 1000, millis + " ms");
  }

  @Test
  void bridgesThatAreGoneComeBackWithUp() {
    Networks.Bridge bridge = networks.bridge("job/lost", false);
    Commands.check(List.of("ip", "link", "delete", bridge.bridge()));
    networks.up();
    assertTrue(Files.exists(Path.of("/sys/class/net", bridge.bridge())));
    assertEquals(bridge, networks.bridge("job/lost", false));
    networks.removeBridge("job/lost");
  }

  @Test
  void aBridgeChangesHandsWithAllThatIsOnIt() {
    Networks.Bridge given = networks.bridge("warm/1", false);
    String container = sandboxes.container("warm-1", given);
    // When
    Networks.Bridge taken = networks.handOver("warm/1", "job/taker");
    // Then
    assertEquals(given.network(), taken.network());
    assertEquals(Optional.of("job/taker"), networks.ownerOf(sandboxes.address(container)));
    assertEquals(taken, networks.bridge("job/taker", false));
    // And again
    assertEquals(taken, networks.handOver("warm/1", "job/taker"));
    EsteiraException none =
        assertThrows(EsteiraException.class, () -> networks.handOver("warm/1", "job/late"));
    assertEquals(ErrorCode.NOT_FOUND, none.code());
    networks.bridge("warm/2", false);
    EsteiraException two =
        assertThrows(EsteiraException.class, () -> networks.handOver("warm/2", "job/taker"));
    assertEquals(ErrorCode.CONFLICT, two.code());
    engine.removeContainer(container);
    networks.removeBridge("job/taker");
    networks.removeBridge("warm/2");
  }
}
