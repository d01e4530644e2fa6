package dev.esteira.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.engine.TestingRootfs;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Containers on bridges of a home, and servers in them and on the host, that try the networks. */
final class TestingSandboxes implements AutoCloseable {
  private final TestingGround ground;
  private final List<ServerSocket> servers = new ArrayList<>();
  private final List<Process> programs = new ArrayList<>();

  TestingSandboxes(TestingGround ground) throws IOException {
    this.ground = ground;
    ground.engine.importImage(TestingRootfs.tar(ground.directory), "tiny", "1", List.of());
  }

  /** A container on its owner's bridge; its id. */
  String sandbox(String owner, boolean pods) {
    return container(owner.replace('/', '-'), ground.networks.bridge(owner, pods));
  }

  /** A container on a bridge, which sleeps; its id. */
  String container(String name, Networks.Bridge bridge) {
    ObjectNode config = Json.object().put("Image", "tiny:1");
    config.putArray("Cmd").add("sleep").add("600");
    config.putObject("HostConfig").put("NetworkMode", bridge.network()).put("Init", true);
    String id = ground.engine.createContainer("t" + ground.home.id() + "-" + name, config);
    ground.engine.startContainer(id);
    return id;
  }

  /** The container's own address. */
  String address(String container) {
    return ground
        .engine
        .inspectContainer(container)
        .orElseThrow()
        .path("NetworkSettings")
        .path("Networks")
        .elements()
        .next()
        .path("IPAddress")
        .asText();
  }

  /** What the server at this address says to a client in the container; empty if it cannot. */
  String connectFrom(String container, String address, int port) {
    String tcp = "/dev/tcp/" + address + "/" + port;
    return bash(
        container, "{ exec 3<>" + tcp + " || exit; read -t 5 a <&3; echo -n $a; } 2>/dev/null");
  }

  /** What a script says in the container. */
  String bash(String container, String script) {
    Engine.ExecResult result = ground.engine.exec(container, List.of("bash", "-c", script), 10);
    return result.output().strip();
  }

  /** What the server at this address says to a client on the host. */
  static String connect(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 5000);
      socket.setSoTimeout(5000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /** A server within a container's network, which this machine can enter. */
  void serveIn(String container, int port) throws Exception {
    String pid =
        ground.engine.inspectContainer(container).orElseThrow().path("State").path("Pid").asText();
    Process server =
        new ProcessBuilder(
                "nsenter",
                "--net=/proc/" + pid + "/ns/net",
                "perl",
                "-MIO::Socket::INET",
                "-e",
                "$s=IO::Socket::INET->new(Listen=>9,LocalPort=>"
                    + port
                    + ",ReuseAddr=>1) or die; $|=1; print qq(up\\n);"
                    + " while($c=$s->accept){print $c qq(in-container\\n); close $c}")
            .start();
    assertEquals('u', server.getInputStream().read());
    programs.add(server);
  }

  /** A server of the host that greets whoever connects. */
  void listen(String address, int port, String greeting) throws IOException {
    ServerSocket server = new ServerSocket(port, 50, InetAddress.getByName(address));
    servers.add(server);
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try (Socket client = server.accept()) {
              client.getOutputStream().write((greeting + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
              // Closed at the end of the test.
            }
          }
        });
  }

  /** Answers the first datagram that comes. */
  static void answerOnce(DatagramSocket socket) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      socket.receive(packet);
      packet.setData("answer\n".getBytes(StandardCharsets.UTF_8));
      socket.send(packet);
    } catch (IOException e) {
      // Closed at the end of the test.
    }
  }

  /** Ends the servers; the containers end with their engine. */
  @Override
  public void close() throws IOException {
    programs.forEach(Process::destroy);
    for (ServerSocket server : servers) {
      server.close();
    }
  }
}
