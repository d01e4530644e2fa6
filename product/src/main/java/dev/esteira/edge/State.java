package dev.esteira.edge;

import dev.esteira.edge.EdgeTables.Wanted;
import dev.esteira.edge.ListenerTables.Certificate;
import dev.esteira.edge.ListenerTables.ListenerRow;
import java.util.List;
import java.util.Map;

/** Everything that HAProxy is to be brought to. */
record State(
    List<Wanted> services, List<ListenerRow> listeners, Map<String, Certificate> certificates) {
  State {
    services = List.copyOf(services);
    listeners = List.copyOf(listeners);
    certificates = Map.copyOf(certificates);
  }

  static State of(EdgeTables services, ListenerTables listeners) {
    return new State(services.all(), listeners.all(), listeners.certificates());
  }
}
