package dev.esteira.net;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.net.Networks.Admitted;
import dev.esteira.net.Networks.Guarded;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class GuardsTest {
  private final String prefix = "10.79." + ThreadLocalRandom.current().nextInt(1, 250) + ".";
  private final String range = prefix + "0/24";
  private final Guards guards = new Guards("t" + ProcessHandle.current().pid());

  @BeforeEach
  void open() {
    Commands.check(List.of("ip", "route", "replace", "local", range, "dev", "lo"));
  }

  @AfterEach
  void close() {
    guards.remove();
    Commands.check(List.of("ip", "route", "del", "local", range, "dev", "lo"));
  }

  private boolean connects(int from, ServerSocket to) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(prefix + from, 0));
      socket.connect(to.getLocalSocketAddress(), 700);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void onlyWhoIsAdmittedConnectsAndOthersAreNotConcerned() throws Exception {
    try (ServerSocket guarded = new ServerSocket(0, 9, InetAddress.getByName(prefix + 9));
        ServerSocket open = new ServerSocket(0, 9, InetAddress.getByName(prefix + 8))) {
      int port = guarded.getLocalPort();
      String address = prefix + 9;
      guards.apply(
          List.of(
              new Guarded(
                  address,
                  List.of(
                      new Admitted(prefix + "32/28", 1, 65_535),
                      new Admitted(prefix + "20", port, port),
                      new Admitted(prefix + "21", port + 1, port + 1)))));
      assertTrue(connects(20, guarded));
      assertTrue(connects(33, guarded));
      assertFalse(connects(21, guarded), "another port");
      assertFalse(connects(22, guarded), "nobody named it");
      assertTrue(connects(22, open));
      guards.apply(List.of(new Guarded(address, List.of(new Admitted("0.0.0.0/0", port, port)))));
      assertTrue(connects(22, guarded));
      guards.apply(List.of(new Guarded(address, List.of())));
      assertFalse(connects(20, guarded));
      guards.apply(List.of());
      assertTrue(connects(22, guarded));
    }
  }
}
