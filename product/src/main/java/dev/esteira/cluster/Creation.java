package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What happens to an object between a client's request and its first revision. */
final class Creation {
  private static final int SUFFIX_LENGTH = 5;
  private static final List<String> SERVER_FIELDS =
      List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink");

  private Creation() {}

  /** Names, completes and validates; everything that needs no look at other objects. */
  static ObjectNode prepare(Kind kind, ObjectNode object, String uid, Instant now) {
    ObjectNode wanted = Trees.normal(object);
    wanted.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = Trees.metadata(wanted);
    metadata.remove(SERVER_FIELDS);
    String generate = Trees.text(metadata, "generateName");
    if (Trees.text(metadata, "name").isEmpty() && !generate.isEmpty()) {
      metadata.put("name", generate + Ids.random(SUFFIX_LENGTH));
    }
    metadata.put("uid", uid);
    metadata.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    metadata.remove("generation");
    if (kind.scalable()) {
      metadata.put("generation", 1);
    }
    if (!kind.namespaced()) {
      metadata.remove("namespace");
    }
    Rules.firstStatus(kind, wanted);
    Rules.defaults(kind, wanted);
    Rules.validate(kind, wanted, Optional.empty());
    return wanted;
  }

  /** Checks against what exists, and records. */
  static ObjectNode put(Ledger.Transaction tx, Kind kind, ObjectNode wanted) {
    String name = Trees.name(wanted);
    if (tx.get(Keys.ledgerKind(kind), Keys.key(kind, wanted)).isPresent()) {
      throw ApiException.exists(kind, name);
    }
    if (kind.namespaced()) {
      checkNamespace(tx, kind, wanted);
    }
    if (kind == Kind.SERVICE) {
      NodePorts.allocate(tx, wanted);
    }
    ObjectNode stored = Keys.put(tx, kind, wanted);
    if (kind == Kind.NAMESPACE) {
      defaultServiceAccount(tx, wanted);
    }
    return stored;
  }

  private static void checkNamespace(Ledger.Transaction tx, Kind kind, ObjectNode wanted) {
    String namespace = Trees.namespace(wanted);
    Optional<ObjectNode> found = tx.get(Keys.ledgerKind(Kind.NAMESPACE), namespace).map(Keys::tree);
    if (found.isEmpty()) {
      throw ApiException.notFound(Kind.NAMESPACE, namespace);
    }
    if (Trees.metadata(found.get()).hasNonNull("deletionTimestamp")) {
      String why = "unable to create new content in namespace " + namespace;
      throw ApiException.forbidden(
          kind, Trees.name(wanted), why + " because it is being terminated");
    }
  }

  private static void defaultServiceAccount(Ledger.Transaction tx, ObjectNode namespace) {
    ObjectNode account = Json.object();
    account.put("apiVersion", "v1").put("kind", Kind.SERVICE_ACCOUNT.kind());
    ObjectNode metadata = Trees.metadata(account);
    metadata.put("name", "default").put("namespace", Trees.name(namespace));
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.set("creationTimestamp", namespace.at("/metadata/creationTimestamp"));
    if (tx.get(Keys.ledgerKind(Kind.SERVICE_ACCOUNT), Keys.key(Kind.SERVICE_ACCOUNT, account))
        .isEmpty()) {
      Keys.put(tx, Kind.SERVICE_ACCOUNT, account);
    }
  }
}
