package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.util.Optional;

/**
 * Where objects are in the ledger: kind {@code k8s/PLURAL}, key {@code NAMESPACE/NAME} or {@code
 * NAME}. The body has no resourceVersion; that is the stored revision.
 */
final class Keys {
  private Keys() {}

  static String ledgerKind(Kind kind) {
    return "k8s/" + kind.plural();
  }

  static String key(Kind kind, String namespace, String name) {
    return kind.namespaced() ? namespace + "/" + name : name;
  }

  static String key(Kind kind, ObjectNode object) {
    return key(kind, Trees.namespace(object), Trees.name(object));
  }

  static String prefix(Kind kind, Optional<String> namespace) {
    return kind.namespaced() ? namespace.map(n -> n + "/").orElse("") : "";
  }

  static ObjectNode tree(Ledger.Stored stored) {
    return tree(stored.body(), stored.revision());
  }

  static ObjectNode tree(String body, long revision) {
    ObjectNode tree = (ObjectNode) Json.parse(body);
    Trees.metadata(tree).put("resourceVersion", Long.toString(revision));
    return tree;
  }

  /** Stores the tree and returns it as it will read back. */
  static ObjectNode put(Ledger.Transaction tx, Kind kind, ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    Trees.metadata(copy).remove("resourceVersion");
    Trees.metadata(copy).remove("managedFields");
    Trees.metadata(copy).remove("selfLink");
    String body = Json.write(copy);
    tx.put(ledgerKind(kind), key(kind, copy), body);
    return tree(body, tx.revision());
  }
}
