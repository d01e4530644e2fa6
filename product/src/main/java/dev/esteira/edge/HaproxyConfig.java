package dev.esteira.edge;

import dev.esteira.base.Digest;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Target;
import dev.esteira.edge.EdgeTables.Ports;
import dev.esteira.edge.EdgeTables.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

  static String serverArguments(Edge.Service service, Target target) {
    Edge.Traits traits = service.traits().orElse(Edge.Traits.USUAL);
    return target.address()
        + ":"
        + target.port()
        + (traits.tls() ? " ssl verify none" : "")
        + (traits.proxyProtocol() ? " send-proxy-v2" : "")
        + (traits.source().isEmpty() ? " " : " source " + traits.source() + " ")
        + SERVER;
  }

  /** HAProxy 2.6 gives no arguments to scripts of this kind, so their paths are put in. */
  static String script(HaproxyFiles files) {
    try (InputStream in = HaproxyConfig.class.getResourceAsStream("route.lua")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .replace("RULES_MAP", files.map(MapName.RULES).toString())
          .replace("PROGRAMS_MAP", files.map(MapName.PROGRAMS).toString());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read route.lua", e);
    }
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
  static String loopback(String address) {
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
                      .formatted(
                          server(row.target().id()),
                          serverArguments(each.row().service(), row.target()))));
    }
    StringBuilder text = new StringBuilder(global(description)).append(frontends());
    for (Mode mode : Mode.values()) {
      for (int slot = 0; slot < Slots.count(mode); slot++) {
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
      ssl-default-bind-options ssl-min-ver TLSv1.2
      # %s
      lua-load-per-thread %s
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
            Digest.of(script(files).getBytes(StandardCharsets.UTF_8)),
            files.script(),
            dropRights ? "  user haproxy\n  group haproxy\n" : "");
  }

  private String frontends() {
    return """
    frontend http
      mode http
      bind %1$s:%2$d
    %6$s
      option forwardfor
      http-request set-var(txn.p) dst_port
      http-request set-var(txn.at) dst,concat(:,txn.p)
      http-request set-header X-Forwarded-Proto %%[ssl_fc,iif(https,http)]
      http-request set-header X-Forwarded-Port %%[var(txn.p)]
      http-request lua.route if { var(txn.at),map(%8$s) -m found }
      use_backend %%[var(txn.be)] if { var(txn.be) -m found }
      use_backend %%[dst,concat(:,txn.p),map(%3$s,none)]

    frontend tcp
      mode tcp
      bind %1$s:%4$d
    %7$s
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
            houseAddress,
            ports.http(),
            files.map(Mode.HTTP),
            ports.tcp(),
            files.map(Mode.TCP),
            doors(Mode.HTTP, " alpn h2,http/1.1"),
            doors(Mode.TCP, ""),
            files.map(MapName.RULES));
  }

  private String doors(Mode mode, String more) {
    StringBuilder binds = new StringBuilder();
    for (int door = TlsDoors.first(mode); door < TlsDoors.end(mode); door++) {
      binds.append(
          "  bind %s:%d ssl crt-list %s%s\n"
              .formatted(houseAddress, ports.door(door), files.doorList(door), more));
    }
    return binds.toString();
  }

  private String backendText(Mode mode, int slot) {
    String head = "backend " + backend(mode, slot) + "\n  mode " + name(mode) + "\n";
    String rules =
        switch (mode) {
          case HTTP ->
              (Slots.LEAST.holds(slot) ? "  balance leastconn\n" : "  balance roundrobin\n")
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
    return head + rules + (Slots.COOKIE.holds(slot) ? cookie() : sticky);
  }

  /** The cookie's value is the client's name in the table; who has none gets one. */
  private String cookie() {
    return """
      http-request set-var(txn.client) uuid() unless { req.cook(AWSALB) -m found }
      http-request set-var(txn.client) req.cook(AWSALB) if { req.cook(AWSALB) -m found }
      stick-table type string len 36 size 10k expire 7d
      stick on var(txn.client)
      http-response add-header Set-Cookie \
        "AWSALB=%%[var(txn.client)]; Max-Age=%%[be_name,map(%s,86400)]; Path=/"
    """
        .formatted(files.map(MapName.COOKIES));
  }
}
