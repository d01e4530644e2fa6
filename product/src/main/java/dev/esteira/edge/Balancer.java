package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge.Target;
import dev.esteira.edge.EdgeTables.TargetRow;
import dev.esteira.edge.EdgeTables.Wanted;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings a running HAProxy to what is wanted, by the smallest changes: it compares and touches only
 * what differs. Callers take turns.
 */
final class Balancer {
  private static final int REMOVE_ATTEMPTS = 40;
  private static final long REMOVE_MILLIS = 5;
  private static final Logger LOG = System.getLogger(Balancer.class.getName());

  /** Bits of the administrative state: maintenance and drain, each of them forced (2.6, 9.3). */
  private static final int MAINTENANCE = 0x01;

  private static final int DRAIN = 0x08;

  private final HaproxyFiles files;
  private final HaproxySocket socket;

  Balancer(HaproxyFiles files, HaproxySocket socket) {
    this.files = files;
    this.socket = socket;
  }

  private record Actual(String id, String address, String port, int state) {
    static Actual of(Map<String, String> row) {
      return new Actual(
          row.getOrDefault("srv_id", ""),
          row.getOrDefault("srv_addr", ""),
          row.getOrDefault("srv_port", ""),
          Integer.parseInt(row.getOrDefault("srv_admin_state", "0")));
    }

    boolean is(Target target) {
      return address.equals(target.address()) && port.equals(Integer.toString(target.port()));
    }
  }

  /** Adds the servers that are missing in all slots, and sets drained those that should be. */
  void addServers(List<Wanted> wanted) throws IOException {
    Map<String, Map<String, Actual>> actual = actual("");
    for (Wanted each : wanted) {
      addServers(each, actual.getOrDefault(each.row().backend(), Map.of()));
    }
  }

  /** Removes the servers that are in any slot and should not be there. */
  void removeServers(List<Wanted> wanted) throws IOException {
    Map<String, Wanted> owners = new HashMap<>();
    wanted.forEach(each -> owners.put(each.row().backend(), each));
    for (Map.Entry<String, Map<String, Actual>> backend : actual("").entrySet()) {
      Wanted owner = owners.get(backend.getKey());
      for (String server : backend.getValue().keySet()) {
        if (owner == null || owner.targets().stream().noneMatch(row -> named(row, server))) {
          remove(backend.getKey() + "/" + server);
        }
      }
    }
  }

  /** Both for one service. */
  void servers(Wanted wanted) throws IOException {
    String backend = wanted.row().backend();
    Map<String, Actual> actual = actual(backend).getOrDefault(backend, Map.of());
    addServers(wanted, actual);
    for (String server : actual.keySet()) {
      if (wanted.targets().stream().noneMatch(row -> named(row, server))) {
        remove(backend + "/" + server);
      }
    }
  }

  private static boolean named(TargetRow row, String server) {
    return HaproxyConfig.server(row.target().id()).equals(server);
  }

  private void addServers(Wanted wanted, Map<String, Actual> actual) throws IOException {
    String backend = wanted.row().backend();
    boolean sticky = Slots.remembers(wanted.row().slot());
    for (TargetRow row : wanted.targets()) {
      String name = HaproxyConfig.server(row.target().id());
      String server = backend + "/" + name;
      Actual present = actual.get(name);
      if (present != null && !present.is(row.target())) {
        remove(server);
        present = null;
      }
      if (row.draining()) {
        if (present != null) {
          drain(server, present, sticky);
        }
      } else if (present == null) {
        add(server, wanted.row().service(), row.target());
      } else if ((present.state() & (MAINTENANCE | DRAIN)) != 0) {
        expectNothing("set server " + server + " state ready");
      }
    }
  }

  private void add(String server, Edge.Service service, Target target) throws IOException {
    String answer =
        socket.run(
            "add server " + server + " " + HaproxyConfig.serverArguments(service, target),
            "enable health " + server,
            "enable server " + server);
    if (!answer.strip().equals("New server registered.")) {
      throw EsteiraException.internal(
          "HAProxy did not take the server " + server + ": " + answer.strip(), null);
    }
  }

  private void drain(String server, Actual present, boolean sticky) throws IOException {
    if ((present.state() & DRAIN) == 0) {
      expectNothing("set server " + server + " state drain");
    }
    if (sticky) {
      // A drained server still takes the clients that it is remembered for: forget them.
      String table = server.substring(0, server.indexOf('/'));
      expectNothing("clear table " + table + " data.server_id eq " + present.id());
    }
  }

  /** Ends what is left of its connections. A server that resists is left to the next round. */
  private void remove(String server) throws IOException {
    socket.run("set server " + server + " state maint", "shutdown sessions server " + server);
    String answer = "";
    for (int attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
      answer = socket.run("del server " + server).strip();
      if (answer.equals("Server deleted.") || answer.equals("No such server.")) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REMOVE_MILLIS));
    }
    LOG.log(Level.WARNING, "HAProxy keeps the server {0} for now: {1}", server, answer);
  }

  /** Adds and corrects the lines of all maps. */
  void addMapLines(State state) throws IOException {
    for (MapName map : MapName.values()) {
      Map<String, String> actual = mapLines(map);
      for (Map.Entry<String, String> line : map.lines(state).entrySet()) {
        String present = actual.get(line.getKey());
        if (present == null) {
          expectNothing(
              "add map %s %s %s".formatted(files.map(map), line.getKey(), line.getValue()));
        } else if (!present.equals(line.getValue())) {
          expectNothing(
              "set map %s %s %s".formatted(files.map(map), line.getKey(), line.getValue()));
        }
      }
    }
  }

  /** Removes the lines that lead to others before those. */
  void removeMapLines(State state) throws IOException {
    for (MapName map : List.of(MapName.values()).reversed()) {
      Map<String, String> lines = map.lines(state);
      for (String key : mapLines(map).keySet()) {
        if (!lines.containsKey(key)) {
          expectNothing("del map %s %s".formatted(files.map(map), key));
        }
      }
    }
  }

  /** What the statistics say of the servers of a service, by server name. */
  Map<String, Map<String, String>> statistics(Wanted wanted) throws IOException {
    Map<String, Map<String, String>> found = new HashMap<>();
    String answer = socket.run("show stat " + wanted.row().backend() + " 4 -1");
    for (Map<String, String> row : HaproxySocket.table(answer, ",")) {
      found.put(row.getOrDefault("svname", ""), row);
    }
    return found;
  }

  /** Lines of the form {@code 0x55d0 KEY VALUE}. */
  private Map<String, String> mapLines(MapName map) throws IOException {
    Map<String, String> found = new HashMap<>();
    socket
        .run("show map " + files.map(map))
        .lines()
        .map(line -> line.split(" ", 3))
        .filter(parts -> parts.length == 3)
        .forEach(parts -> found.put(parts[1], parts[2]));
    return found;
  }

  private Map<String, Map<String, Actual>> actual(String backend) throws IOException {
    Map<String, Map<String, Actual>> found = new HashMap<>();
    String answer = socket.run(("show servers state " + backend).strip());
    for (Map<String, String> row : HaproxySocket.table(answer, " ")) {
      found
          .computeIfAbsent(row.getOrDefault("be_name", ""), name -> new HashMap<>())
          .put(row.getOrDefault("srv_name", ""), Actual.of(row));
    }
    return found;
  }

  private void expectNothing(String command) throws IOException {
    String answer = socket.run(command).strip();
    if (!answer.isEmpty()) {
      throw EsteiraException.internal("HAProxy refused '" + command + "': " + answer, null);
    }
  }
}
