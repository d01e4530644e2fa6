package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of a home: the usual ones, or all of them moved by the first offset at which none is
 * taken; recorded, so that addresses stay the same from one start to the next. Each home of a
 * machine tries offsets of its own (its address slot's), so that two that start at once never meet.
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
  private static final int SLOTS = 16;
  private static final int TRIES_MAX = 12;
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

  /**
   * The recorded ports when they are free, else the next free ones, recorded.
   *
   * @param houseAddress 10.77.(16 slot).1
   */
  static Ports choose(Ledger ledger, String houseAddress) {
    int slot = Integer.parseInt(houseAddress.split("\\.")[2]) / SLOTS;
    int recorded =
        ledger.get(KIND, KEY).map(s -> Json.parse(s.body()).path("offset").asInt()).orElse(0);
    List<Integer> offsets = new ArrayList<>(List.of(recorded));
    for (int i = 0; i < TRIES_MAX; i++) {
      offsets.add((slot + i * SLOTS) * STEP);
    }
    boolean known = ledger.get(KIND, KEY).isPresent();
    for (int offset : known ? offsets : offsets.subList(1, offsets.size())) {
      Ports ports = new Ports(offset);
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
            + " and its companions, moved by "
            + offsets,
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
