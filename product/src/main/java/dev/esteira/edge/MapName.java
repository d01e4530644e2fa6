package dev.esteira.edge;

import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Traits;
import dev.esteira.edge.EdgeTables.Wanted;
import dev.esteira.edge.Listeners.Listener;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The maps that change at run time, in the order in which lines have to come: what others lead to
 * comes first.
 */
enum MapName {
  /** Backend to the seconds that its cookie lives. */
  COOKIES,
  /** Parts of the listeners' rules. */
  PROGRAMS,
  /** Original destination to the rules' name. */
  RULES,
  /** Original destination to backend. */
  HTTP,
  /** Original destination to backend. */
  TCP;

  static final String NO_BACKEND = "none";

  static MapName of(Mode mode) {
    return switch (mode) {
      case HTTP -> HTTP;
      case TCP -> TCP;
    };
  }

  Map<String, String> lines(State state) {
    return switch (this) {
      case HTTP -> destinations(Mode.HTTP, state);
      case TCP -> destinations(Mode.TCP, state);
      case COOKIES -> cookies(state);
      case PROGRAMS -> {
        Map<String, String> lines = new LinkedHashMap<>();
        programs(state).values().forEach(each -> lines.putAll(each.lines()));
        yield lines;
      }
      case RULES -> {
        Map<String, String> lines = new TreeMap<>();
        programs(state)
            .forEach((listener, program) ->
                put(lines, listener.address(), listener.port(), program.name()));
        yield lines;
      }
    };
  }

  private static Map<String, String> destinations(Mode mode, State state) {
    Map<String, String> lines = HaproxyConfig.map(mode, state.services());
    Map<String, String> backends = backends(state);
    for (ListenerTables.ListenerRow row : state.listeners()) {
      Listener listener = row.listener();
      if (listener.protocol().mode() == mode) {
        listener
            .routing()
            .only()
            .map(backends::get)
            .ifPresent(backend -> put(lines, listener.address(), listener.port(), backend));
      }
    }
    return lines;
  }

  /** The listeners that need more than a line of the other maps. */
  private static Map<Listener, RoutingText> programs(State state) {
    Map<String, String> backends = backends(state);
    Map<Listener, RoutingText> programs = new LinkedHashMap<>();
    for (ListenerTables.ListenerRow row : state.listeners()) {
      Listener listener = row.listener();
      if (listener.routing().only().isEmpty()) {
        programs.put(
            listener,
            RoutingText.of(
                listener.routing(), service -> backends.getOrDefault(service, NO_BACKEND)));
      }
    }
    return programs;
  }

  private static Map<String, String> cookies(State state) {
    Map<String, String> lines = new TreeMap<>();
    for (Wanted each : state.services()) {
      int seconds = each.row().service().traits().map(Traits::cookieSeconds).orElse(0);
      if (seconds > 0) {
        lines.put(each.row().backend(), Integer.toString(seconds));
      }
    }
    return lines;
  }

  private static Map<String, String> backends(State state) {
    Map<String, String> backends = new HashMap<>();
    state.services().forEach(each -> backends.put(each.row().service().id(), each.row().backend()));
    return backends;
  }

  private static void put(Map<String, String> lines, String address, int port, String value) {
    lines.put(address + ":" + port, value);
    lines.put(HaproxyConfig.loopback(address) + ":" + port, value);
  }
}
