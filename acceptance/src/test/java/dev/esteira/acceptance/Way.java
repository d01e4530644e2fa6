package dev.esteira.acceptance;

import java.util.Set;

/**
 * A way between two places, and whether it should be open: {@code +web->db tcp 8080}. A name with
 * {@code .private} means that address wherever it is asked from.
 */
record Way(boolean open, String from, String to, String protocol, int port) {
  private static final Set<String> NEIGHBOURS = Set.of("web", "db");

  static Way of(String text) {
    String[] words = text.substring(1).split("->| ");
    int port = words.length > 3 ? Integer.parseInt(words[3]) : 0;
    return new Way(text.startsWith("+"), words[0], words[1], words[2], port);
  }

  /** The address by which the caller would call. */
  private String host(InsideWorld world) {
    boolean near = NEIGHBOURS.contains(from) && NEIGHBOURS.contains(to);
    return world.address(near ? to + ".private" : to);
  }

  private boolean isDoor() {
    return to.equals("house") || to.equals("metadata") || to.equals("service");
  }

  private int port(InsideWorld world) {
    return to.equals("house") ? world.door() : port;
  }

  Prober.Attempt attempt(InsideWorld world) {
    return new Prober.Attempt(isDoor() ? "get" : "connect", protocol, host(world), port(world));
  }

  /** The words of {@code net explain}: names where people have them, else addresses. */
  String question(InsideWorld world) {
    boolean named = !isDoor() && !to.endsWith(".private");
    String target = named ? world.id(to) : host(world);
    return world.id(from) + "->" + target + ":" + port(world) + "/" + protocol;
  }

  /** All listen wherever a way leads, so that a refusal is a rule's. */
  static boolean reached(String answer) {
    return answer.startsWith("from ") || answer.equals("pong") || answer.startsWith("HTTP/");
  }

  @Override
  public String toString() {
    return (open ? "+" : "-") + from + "->" + to + " " + protocol + " " + port;
  }
}
