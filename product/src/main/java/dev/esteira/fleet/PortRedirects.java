package dev.esteira.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.base.Programs;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Published ports of the containers that instances run. The containers share the instance's
 * network, so a port published under another number is redirected within it, by a table of its own
 * that is replaced whole whenever a container begins or ends.
 */
final class PortRedirects implements AutoCloseable {
  /** What the engine proxy writes on a container that shares its owner's network. */
  static final String LABEL = "dev.esteira.ports";

  private static final Logger LOG = Logger.getLogger(PortRedirects.class.getName());
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String OWNER_LABEL = "dev.esteira.owner";
  private static final String HOLDER = Life.holder("");

  private final Ground ground;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private Optional<AutoCloseable> events = Optional.empty();

  PortRedirects(Ground ground) {
    this.ground = ground;
  }

  void start() {
    events = Optional.of(ground.engine().events(this::heard));
  }

  private void heard(JsonNode event) {
    String owner = event.path("Actor").path("Attributes").path(OWNER_LABEL).asText();
    String action = event.path("Action").asText();
    boolean changes = action.equals("start") || action.equals("die");
    if (owner.startsWith(HOLDER) && changes) {
      String id = owner.substring(HOLDER.length());
      Thread.ofVirtual().name("ports-" + id).start(() -> attempt(id));
    }
  }

  private void attempt(String id) {
    try {
      renew(id);
    } catch (EsteiraException e) {
      LOG.log(Level.WARNING, "could not redirect the ports of " + id + ": " + e.text());
    }
  }

  /** Makes the redirects those of the containers that run now. */
  void renew(String id) {
    ReentrantLock lock = locks.computeIfAbsent(id, _ -> new ReentrantLock());
    lock.lock();
    try {
      Box box = new Box(ground, id);
      Optional<JsonNode> init = box.inspect().filter(Box::runs);
      if (init.isEmpty()) {
        return;
      }
      Map<String, Integer> redirects = new LinkedHashMap<>();
      for (JsonNode child : box.children()) {
        if (child.path("State").asText().equals("running")) {
          add(redirects, child.path("Labels").path(LABEL).asText(""));
        }
      }
      List<String> command =
          List.of(
              Programs.require("nsenter"),
              "-t",
              String.valueOf(Box.pid(init.get())),
              "-n",
              Programs.require("nft"),
              "-f",
              "-");
      Commands.check(LIMIT, rules(redirects), command);
    } finally {
      lock.unlock();
    }
  }

  void forget(String id) {
    locks.remove(id);
  }

  /** {@code {"8000/tcp":[{"HostPort":"80"}]}}: 80 of the instance leads to 8000. */
  private static void add(Map<String, Integer> redirects, String label) {
    if (label.isEmpty()) {
      return;
    }
    for (Map.Entry<String, JsonNode> port : Json.parse(label).properties()) {
      String[] inside = port.getKey().split("/");
      String protocol = inside.length > 1 ? inside[1] : "tcp";
      for (JsonNode binding : port.getValue()) {
        String outside = binding.path("HostPort").asText();
        if (!outside.equals(inside[0])) {
          redirects.put(protocol + " dport " + outside, Integer.parseInt(inside[0]));
        }
      }
    }
  }

  /** The same text again changes nothing; declared first, so that the removal finds it. */
  static String rules(Map<String, Integer> redirects) {
    String table = "table ip esteira_docker";
    StringBuilder text = new StringBuilder(table + " {}\ndelete " + table + "\n");
    if (redirects.isEmpty()) {
      return text.toString();
    }
    text.append(table).append(" {\n");
    chain(text, "prerouting", "", redirects);
    chain(text, "output", "fib daddr type local ", redirects);
    return text.append("}\n").toString();
  }

  private static void chain(
      StringBuilder text, String hook, String condition, Map<String, Integer> redirects) {
    text.append("  chain ").append(hook).append(" {\n    type nat hook ").append(hook);
    text.append(" priority -100;\n");
    redirects.forEach((from, to) ->
        text.append("    ")
            .append(condition)
            .append(from)
            .append(" redirect to :")
            .append(to)
            .append('\n'));
    text.append("  }\n");
  }

  @Override
  public void close() {
    try {
      if (events.isPresent()) {
        events.get().close();
      }
    } catch (Exception e) {
      LOG.log(Level.WARNING, "could not end the engine's events", e);
    }
  }
}
