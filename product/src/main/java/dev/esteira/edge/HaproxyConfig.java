package dev.esteira.edge;

import dev.esteira.base.Digest;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Target;
import dev.esteira.edge.EdgeTables.Ports;
import dev.esteira.edge.EdgeTables.Wanted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * HAProxy's configuration (version 2.6). Its skeleton is static: one frontend and 500 empty
 * backends for each mode, because a running HAProxy takes neither anew; what changes, map lines and
 * servers, changes by the runtime API. A start writes the current servers and map lines too, so
 * that a HAProxy that was killed comes back whole, without a moment of 503.
 *
 * <p>A frontend chooses its backend by the connection's original destination, which HAProxy asks
 * the kernel for (SO_ORIGINAL_DST), since nftables has sent the connection here.
 */
record HaproxyConfig(HaproxyFiles files, String houseAddress, Ports ports, boolean dropRights) {
  /** Retried by HAProxy even when bytes of the request have left: safe methods of RFC 9110. */
  private static final String RETRIED = "{ method GET HEAD OPTIONS }";

  /**
   * A dead target is found by its first failing connections and taken out, and taken back by the
   * next check that succeeds; the request itself goes to another target at once.
   */
  private static final String SERVER =
      "check inter 1s fastinter 100ms downinter 200ms rise 1 fall 2"
          + " observe layer4 error-limit 2 on-error mark-down pool-purge-delay 1s";

  static String name(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  static String backend(Mode mode, int slot) {
    return name(mode) + slot;
  }

  /** The name of a server: ids may hold a slash and be longer than HAProxy likes. */
  static String server(String targetId) {
    return targetId.length() <= 60 && !targetId.contains("/")
        ? targetId
        : "t-" + Digest.of(targetId.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
  }

  static String serverArguments(Target target) {
    return target.address() + ":" + target.port() + " " + SERVER;
  }

  /** Tells whether a running HAProxy has this skeleton: it shows it as its description. */
  String fingerprint() {
    return "esteira-"
        + Digest.of(text(List.of(), "").getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }

  String text(List<Wanted> wanted) {
    return text(wanted, fingerprint());
  }

  /** The lines of a mode's map: original destination to backend. */
  static Map<String, String> map(Mode mode, List<Wanted> wanted) {
    Map<String, String> lines = new TreeMap<>();
    for (Wanted each : wanted) {
      Edge.Service service = each.row().service();
      if (service.mode() == mode) {
        for (String address : service.addresses()) {
          lines.put(address + ":" + service.port(), each.row().backend());
          lines.put(loopback(address) + ":" + service.port(), each.row().backend());
        }
      }
    }
    return lines;
  }

  /** On the host, an address 10.a.b.c of the house range answers as 127.a.b.c too. */
  private static String loopback(String address) {
    return address.startsWith("10.") ? "127" + address.substring(2) : address;
  }

  private String text(List<Wanted> wanted, String description) {
    Map<String, StringBuilder> servers = new TreeMap<>();
    for (Wanted each : wanted) {
      StringBuilder lines =
          servers.computeIfAbsent(each.row().backend(), name -> new StringBuilder());
      each.targets().stream()
          .filter(row -> !row.draining())
          .forEach(row ->
              lines.append(
                  "  server %s %s\n"
                      .formatted(server(row.target().id()), serverArguments(row.target()))));
    }
    StringBuilder text = new StringBuilder(global(description)).append(frontends());
    for (int slot = 0; slot < Slots.COUNT; slot++) {
      for (Mode mode : Mode.values()) {
        String name = backend(mode, slot);
        text.append(backendText(mode, slot))
            .append(servers.getOrDefault(name, new StringBuilder()))
            .append('\n');
      }
    }
    return text.toString();
  }

  private String global(String description) {
    return """
    # Written by Esteira before each start; changes at run time go through the socket.
    global
      daemon
      pidfile %s
      description %s
      stats socket %s mode 600 level admin expose-fd listeners
      stats timeout 1d
      stats maxconn 40
      hard-stop-after 60s
    %s
    defaults
      timeout connect 1s
      timeout client 120s
      timeout server 300s
      timeout client-fin 30s
      timeout http-request 10s
      timeout http-keep-alive 60s
      timeout queue 10s
      timeout tunnel 1h
      timeout check 1s
      retries 4
      option redispatch 1

    """
        .formatted(
            files.pid(),
            description,
            files.socket(),
            dropRights ? "  user haproxy\n  group haproxy\n" : "");
  }

  private String frontends() {
    return """
    frontend http
      mode http
      bind %1$s:%2$d
      option forwardfor
      http-request set-var(txn.p) dst_port
      http-request set-header X-Forwarded-Proto http
      http-request set-header X-Forwarded-Port %%[var(txn.p)]
      use_backend %%[dst,concat(:,txn.p),map(%3$s,none)]

    frontend tcp
      mode tcp
      bind %1$s:%4$d
      timeout client 1h
      tcp-request content set-var(txn.p) dst_port
      use_backend %%[dst,concat(:,txn.p),map(%5$s,none-tcp)]

    backend none
      mode http
      http-request return status 503 content-type text/plain string "No service at this address.\\n"

    backend none-tcp
      mode tcp
      tcp-request content reject

    """
        .formatted(
            houseAddress, ports.http(), files.map(Mode.HTTP), ports.tcp(), files.map(Mode.TCP));
  }

  private static String backendText(Mode mode, int slot) {
    String head = "backend " + backend(mode, slot) + "\n  mode " + name(mode) + "\n";
    String rules =
        switch (mode) {
          case HTTP ->
              "  balance roundrobin\n"
                  + "  retry-on conn-failure empty-response response-timeout\n"
                  + "  http-request disable-l7-retry unless "
                  + RETRIED
                  + "\n";
          case TCP -> "  balance leastconn\n  timeout server 1h\n";
        };
    int stickySeconds = Slots.stickySeconds(slot);
    String sticky =
        stickySeconds == 0
            ? ""
            : "  stick-table type ip size 10k expire " + stickySeconds + "s\n  stick on src\n";
    return head + rules + sticky;
  }
}
