package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * The ports of a home: the usual ones, or all of them moved by the first offset at which none is
 * taken; recorded, so that addresses stay the same from one start to the next.
 */
record Ports(int offset) {
  private static final int CONSOLE = 8080;
  private static final int REGISTRY = 5050;
  private static final int KUBERNETES = 6443;
  private static final int AWS = 4566;
  private static final int TLS_BY_NAME = 8443;
  private static final int PLAIN_BY_NAME = 8088;
  private static final int DNS = 5300;
  private static final int STEP = 10;
  private static final int OFFSET_MAX = 2_000;
  private static final String KIND = "house";
  private static final String KEY = "ports";

  int console() {
    return CONSOLE + offset;
  }

  int registry() {
    return REGISTRY + offset;
  }

  int kubernetes() {
    return KUBERNETES + offset;
  }

  int aws() {
    return AWS + offset;
  }

  /** Real names, by TLS server name; reached as 443 of the house. */
  int tlsByName() {
    return TLS_BY_NAME + offset;
  }

  /** Real names without TLS, by host header; reached as 80 of the house. */
  int plainByName() {
    return PLAIN_BY_NAME + offset;
  }

  /** The name server; reached as 53 of the house. */
  int dns() {
    return DNS + offset;
  }

  /** The recorded ports when they are free, else the next free ones, recorded. */
  static Ports choose(Ledger ledger) {
    int recorded =
        ledger.get(KIND, KEY).map(s -> Json.parse(s.body()).path("offset").asInt()).orElse(0);
    for (int i = 0; i <= OFFSET_MAX; i += STEP) {
      Ports ports = new Ports((recorded + i) % (OFFSET_MAX + STEP));
      if (ports.free()) {
        ledger.write(tx -> {
          tx.put(KIND, KEY, Json.object().put("offset", ports.offset()).toString());
          return true;
        });
        return ports;
      }
    }
    throw EsteiraException.unavailable(
        "found no free ports on loopback: tried "
            + CONSOLE
            + " and its companions, moved by up to "
            + OFFSET_MAX,
        null);
  }

  private boolean free() {
    for (int port : List.of(console(), registry(), kubernetes(), aws())) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
