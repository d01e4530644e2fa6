package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.store.Ledger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Node ports of NodePort and LoadBalancer Services: 30000-32767, each given once. */
final class NodePorts {
  static final int MIN = 30000;
  static final int MAX = 32767;

  private NodePorts() {}

  /** Checks wanted ports against all Services and chooses the missing ones. */
  static void allocate(Ledger.Transaction tx, ObjectNode service) {
    String type = Trees.text(service, "spec", "type");
    List<ObjectNode> ports = Trees.objects(service, "spec", "ports");
    if (!type.equals("NodePort") && !type.equals("LoadBalancer")) {
      ports.forEach(p -> p.remove("nodePort"));
      return;
    }
    Set<Long> taken = taken(tx, Trees.uid(service));
    for (int i = 0; i < ports.size(); i++) {
      long wanted = Trees.number(ports.get(i), "nodePort");
      if (wanted != 0 && !taken.add(wanted)) {
        throw refuse(service, i, wanted);
      }
    }
    for (ObjectNode port : ports) {
      if (Trees.number(port, "nodePort") == 0) {
        port.put("nodePort", free(taken));
      }
    }
  }

  private static Set<Long> taken(Ledger.Transaction tx, String exceptUid) {
    Set<Long> taken = new HashSet<>();
    for (Ledger.Stored stored : tx.list(Keys.ledgerKind(Kind.SERVICE), "")) {
      ObjectNode service = Keys.tree(stored);
      if (!Trees.uid(service).equals(exceptUid)) {
        for (ObjectNode port : Trees.objects(service, "spec", "ports")) {
          taken.add(Trees.number(port, "nodePort"));
        }
      }
    }
    return taken;
  }

  private static int free(Set<Long> taken) {
    for (int port = MIN; port <= MAX; port++) {
      if (taken.add((long) port)) {
        return port;
      }
    }
    throw ApiException.of(
        ApiException.Reason.INTERNAL, "failed to allocate a nodePort: range is full");
  }

  private static ApiException refuse(ObjectNode service, int index, long port) {
    ApiException.Cause cause =
        new ApiException.Cause(
            "FieldValueInvalid",
            "Invalid value: " + port + ": provided port is already allocated",
            "spec.ports[" + index + "].nodePort");
    return ApiException.invalid(Kind.SERVICE, Trees.name(service), List.of(cause));
  }
}
