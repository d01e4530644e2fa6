package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Tells which ports an owner's running containers publish, whenever that has changed. */
final class PublishedPorts {
  private final OwnedContainers containers;
  private final Consumer<List<Integer>> listener;
  private Set<Integer> told = Set.of();

  PublishedPorts(OwnedContainers containers, Consumer<List<Integer>> listener) {
    this.containers = containers;
    this.listener = listener;
  }

  /** Called after a container began or ended, before its client hears of that. */
  synchronized void look() {
    Set<Integer> now = new TreeSet<>();
    for (JsonNode container : containers.all()) {
      for (JsonNode port : container.path("Ports")) {
        if (port.path("Type").asText().equals("tcp") && port.path("PublicPort").asInt() > 0) {
          now.add(port.path("PublicPort").asInt());
        }
      }
    }
    if (!now.equals(told)) {
      told = now;
      listener.accept(List.copyOf(now));
    }
  }
}
