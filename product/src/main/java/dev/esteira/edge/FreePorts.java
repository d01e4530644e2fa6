package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.EdgeTables.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Ports that the frontends can listen on. */
final class FreePorts {
  private static final int OFFSETS_MAX = 50;

  private FreePorts() {}

  /**
   * The recorded ports while nobody else has them, else the next pair; tries them at the address.
   */
  static Ports from(Ports recorded, String address) {
    @Nullable IOException cause = null;
    for (int offset = 0; offset < OFFSETS_MAX; offset++) {
      Ports ports = new Ports(recorded.http() + 2 * offset, recorded.tcp() + 2 * offset);
      try {
        bindOnce(address, ports.http());
        bindOnce(address, ports.tcp());
        return ports;
      } catch (IOException e) {
        cause = e;
      }
    }
    throw EsteiraException.unavailable(
        "no free pair of ports for the load balancer on %s from %d on: %s"
            .formatted(address, recorded.http(), cause),
        cause);
  }

  private static void bindOnce(String address, int port) throws IOException {
    new ServerSocket(port, 1, InetAddress.getByName(address)).close();
  }
}
