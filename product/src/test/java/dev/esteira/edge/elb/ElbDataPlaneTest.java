package dev.esteira.edge.elb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import dev.esteira.edge.EdgeLab;
import dev.esteira.edge.LoadClient;
import dev.esteira.edge.Routing;
import dev.esteira.edge.WebTarget;
import dev.esteira.edge.elb.LoadBalancer.Kind;
import dev.esteira.edge.elb.LoadBalancer.Zone;
import dev.esteira.edge.elb.LoadBalancers.HealthCheck;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.LoadBalancers.Target;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import dev.esteira.edge.elb.Targets.TargetHealth;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load balancers on a real HAProxy, with targets that come, go, fall ill and die. */
@Tag("system")
class ElbDataPlaneTest {
  private static final String BASE = "arn:aws:elasticloadbalancing:us-east-1:000000000000:";
  private static final String BALANCER = BASE + "loadbalancer/app/front/1";
  private static final String GROUP = BASE + "targetgroup/web/1";
  private static final String LISTENER = BASE + "listener/app/front/1/1";

  @TempDir private Path directory;
  private EdgeLab lab;
  private Elb elb;
  private String address;
  private final List<WebTarget> targets = new ArrayList<>();
  private final Queue<TargetHealth> told = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open() {
    lab = new EdgeLab(directory);
    elb = start();
    address =
        elb.create(
                new LoadBalancer(
                    BALANCER,
                    "front",
                    Kind.APPLICATION,
                    "internal",
                    "internal-front-1.us-east-1.elb.amazonaws.com",
                    "",
                    "vpc-1",
                    List.of(new Zone("us-east-1a", "subnet-1")),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Instant.EPOCH))
            .address();
    elb.create(
        new TargetGroup(
            GROUP,
            "web",
            "HTTP",
            80,
            "ip",
            "vpc-1",
            new HealthCheck(true, "HTTP", "traffic-port", "/health", 5, 2, 2, 2, "200"),
            Map.of("deregistration_delay.timeout_seconds", "10"),
            Map.of()));
    elb.create(
        new LoadBalancers.Listener(LISTENER, BALANCER, "HTTP", 80, "", List.of(), Map.of()),
        new Rule(
            BASE + "listener-rule/app/front/1/1/1",
            LISTENER,
            Optional.empty(),
            List.of(),
            new Routing.Action.Forward(List.of(new Routing.Weighted(GROUP, 1))),
            Map.of()));
  }

  private Elb start() {
    return start(lab.ledger);
  }

  private Elb start(Ledger ledger) {
    Elb made =
        new Elb(
            new Elb.Parts(
                ledger,
                lab.networks(),
                lab.edge,
                lab.edge,
                Machines.plain(),
                InstantSource.system()));
    made.onHealth((group, target, health) -> told.add(health));
    made.start();
    return made;
  }

  @AfterEach
  void close() {
    targets.forEach(WebTarget::close);
    elb.close();
    lab.close();
  }

  private WebTarget add(String name) {
    WebTarget target = new WebTarget(name);
    targets.add(target);
    elb.register(GROUP, List.of(at(target)));
    return target;
  }

  private static Target at(WebTarget target) {
    return new Target("127.0.0.1", target.port());
  }

  private String state(int port) {
    return elb.described(GROUP).stream()
        .filter(each -> each.target().port() == port)
        .map(each -> each.health().health() + " " + each.health().reason())
        .findFirst()
        .orElse("gone");
  }

  @Test
  void targetsComeAndGoUnderLoadWithoutALostRequest() throws Exception {
    WebTarget a = add("a");
    Awaiting.until(() -> state(a.port()).startsWith("HEALTHY"));
    try (LoadClient load = new LoadClient(address, 80, 4, 4)) {
      load.await("a", 200);
      for (int round = 0; round < 3; round++) {
        WebTarget b = add("b" + round);
        load.await("b" + round, 50);
        elb.deregister(GROUP, List.of(at(a)));
        Awaiting.until(() -> state(a.port()).equals("gone"));
        elb.register(GROUP, List.of(at(a)));
        load.await("a", 50);
        elb.deregister(GROUP, List.of(at(b)));
        Awaiting.until(() -> state(b.port()).equals("gone"));
      }
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void anIllTargetIsLeftAloneAndComesBackWithoutALostRequest() throws Exception {
    WebTarget a = add("a");
    WebTarget b = add("b");
    Awaiting.until(
        () -> state(a.port()).startsWith("HEALTHY") && state(b.port()).startsWith("HEALTHY"));
    try (LoadClient load = new LoadClient(address, 80, 4, 4)) {
      load.await("b", 100);
      b.health(500);
      Awaiting.until(() -> state(b.port()).equals("UNHEALTHY Target.ResponseCodeMismatch"));
      load.awaitOnly("a", "b", 100);
      b.health(200);
      b.silent(true);
      Awaiting.until(() -> state(b.port()).equals("UNHEALTHY Target.Timeout"));
      b.silent(false);
      load.await("b", 50);
      assertEquals(List.of(), load.failures());
    }
    Awaiting.until(() -> told.stream().anyMatch(each -> each.reason().equals("Target.Timeout")));
  }

  @Test
  void trafficFlowsWhileThisProcessIsAwayAndHealthIsKnownAfterwards() throws Exception {
    WebTarget a = add("a");
    Awaiting.until(() -> state(a.port()).startsWith("HEALTHY"));
    try (LoadClient load = new LoadClient(address, 80, 2, 2)) {
      load.await("a", 50);
      elb.close();
      lab.reopen();
      load.await("a", 50);
      elb = start();
      assertEquals("HEALTHY ", state(a.port()));
      WebTarget b = add("b");
      load.await("b", 50);
      elb.deregister(GROUP, List.of(at(a)));
      elb.close();
      elb = start();
      Awaiting.until(() -> state(a.port()).equals("gone"));
      load.awaitOnly("b", "a", 50);
      assertEquals("HEALTHY ", state(b.port()));
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void whatActsOnAChangeBeforeItsAuthorHearsOfItDoesNotMissIt() throws Exception {
    elb.close();
    elb = start(new LateLedger(lab.ledger, 200));
    WebTarget a = add("a");
    WebTarget b = add("b");
    Awaiting.until(
        () -> state(a.port()).startsWith("HEALTHY") && state(b.port()).startsWith("HEALTHY"));

    elb.deregister(GROUP, List.of(at(a)));

    Awaiting.until(() -> state(a.port()).equals("gone"));
    Awaiting.until(() -> lab.edge.targets(GROUP).size() == 1);
  }

  @Test
  void aWebSocketPassesAndLivesOnWhileItsTargetDrains() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> echo(server));
      elb.register(GROUP, List.of(new Target("127.0.0.1", server.getLocalPort())));
      Awaiting.until(() -> state(server.getLocalPort()).startsWith("HEALTHY"));
      try (Socket client = new Socket(address, 80)) {
        client.setSoTimeout(10_000);
        send(
            client,
            """
            GET /chat HTTP/1.1
            Host: x
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """);
        assertTrue(head(client.getInputStream()).startsWith("HTTP/1.1 101"));
        send(client, "hello");
        assertEquals(
            "hello", new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
        elb.deregister(GROUP, List.of(new Target("127.0.0.1", server.getLocalPort())));
        assertTrue(state(server.getLocalPort()).startsWith("DRAINING"));
        send(client, "again");
        assertEquals(
            "again", new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
      }
      Awaiting.until(() -> state(server.getLocalPort()).equals("gone"));
    }
  }

  private static void echo(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> echo(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      String head = head(socket.getInputStream());
      if (head.startsWith("GET /health")) {
        send(socket, "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n");
      } else if (!head.isEmpty()) {
        send(
            socket,
            """
            HTTP/1.1 101 Switching Protocols
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """);
        socket.getInputStream().transferTo(socket.getOutputStream());
      }
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return "";
      }
      head.append((char) c);
    }
    return head.toString();
  }
}
