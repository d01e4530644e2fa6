package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deleting inside one transaction: grace of pods, finalizers, dependents, a namespace's content.
 * Because all of it is one transaction, no collector has to look for what a crash left over.
 */
final class Removal {
  private static final String FOREGROUND = "foregroundDeletion";
  private static final long GRACE_SECONDS = 30;
  private static final Set<String> KEPT = Set.of("default", "kube-system");

  private final Ledger.Transaction tx;
  private final Instant now;
  private final List<ObjectNode> removed = new ArrayList<>();

  Removal(Ledger.Transaction tx, Instant now) {
    this.tx = tx;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** What is gone when the transaction commits. */
  List<ObjectNode> removed() {
    return List.copyOf(removed);
  }

  Optional<ObjectNode> delete(Kind kind, String namespace, String name, Deletion how) {
    Optional<ObjectNode> found =
        tx.get(Keys.ledgerKind(kind), Keys.key(kind, namespace, name)).map(Keys::tree);
    return found.map(object -> {
      checkPreconditions(kind, object, how);
      return delete(kind, object, how);
    });
  }

  private ObjectNode delete(Kind kind, ObjectNode object, Deletion how) {
    if (kind == Kind.NAMESPACE) {
      return deleteNamespace(object);
    }
    if (kind == Kind.POD && grace(object, how) > 0) {
      return endPod(object, grace(object, how));
    }
    String uid = Trees.uid(object);
    switch (how.propagation()) {
      case ORPHAN -> dependents(object).forEach(d -> disown(d, uid));
      case FOREGROUND -> addFinalizer(object, dependents(object).isEmpty());
      case BACKGROUND -> {}
    }
    if (!finalizers(object).isEmpty()) {
      return markAndCascade(kind, object, how);
    }
    remove(kind, object);
    return object;
  }

  private ObjectNode markAndCascade(Kind kind, ObjectNode object, Deletion how) {
    ObjectNode metadata = Trees.metadata(object);
    if (!metadata.hasNonNull("deletionTimestamp")) {
      metadata.put("deletionTimestamp", now.toString());
    }
    metadata.put("deletionGracePeriodSeconds", 0);
    ObjectNode marked = Keys.put(tx, kind, object);
    if (how.propagation() == Deletion.Propagation.FOREGROUND) {
      Deletion same = Deletion.ordinary().propagate(Deletion.Propagation.FOREGROUND);
      dependents(object).forEach(d -> deleteDependent(d, Trees.uid(object), same));
    }
    return tx.get(Keys.ledgerKind(kind), Keys.key(kind, object)).map(Keys::tree).orElse(marked);
  }

  /** Takes the object away, then what it owned, then what was waiting for its end. */
  void remove(Kind kind, ObjectNode object) {
    if (!tx.delete(Keys.ledgerKind(kind), Keys.key(kind, object))) {
      return;
    }
    removed.add(object);
    String uid = Trees.uid(object);
    dependents(object).forEach(d -> deleteDependent(d, uid, Deletion.ordinary()));
    for (ObjectNode owner : Trees.objects(object, "metadata", "ownerReferences")) {
      finishOwner(object, owner);
    }
    if (kind.namespaced()) {
      finishNamespace(Trees.namespace(object));
    }
  }

  private long grace(ObjectNode pod, Deletion how) {
    String phase = Trees.text(pod, "status", "phase");
    boolean runs = Trees.optional(pod, "spec", "nodeName").isPresent();
    if (!runs || phase.equals("Succeeded") || phase.equals("Failed")) {
      return 0;
    }
    JsonNode own = Trees.at(pod, "spec", "terminationGracePeriodSeconds");
    return how.graceSeconds().orElse(own.asLong(GRACE_SECONDS));
  }

  private ObjectNode endPod(ObjectNode pod, long graceSeconds) {
    ObjectNode metadata = Trees.metadata(pod);
    boolean shorter = graceSeconds < metadata.path("deletionGracePeriodSeconds").asLong();
    if (metadata.hasNonNull("deletionTimestamp") && !shorter) {
      return pod;
    }
    metadata.put("deletionTimestamp", now.plusSeconds(graceSeconds).toString());
    metadata.put("deletionGracePeriodSeconds", graceSeconds);
    return Keys.put(tx, Kind.POD, pod);
  }

  private ObjectNode deleteNamespace(ObjectNode namespace) {
    String name = Trees.name(namespace);
    if (KEPT.contains(name)) {
      throw ApiException.forbidden(Kind.NAMESPACE, name, "this namespace may not be deleted");
    }
    ObjectNode metadata = Trees.metadata(namespace);
    if (!metadata.hasNonNull("deletionTimestamp")) {
      metadata.put("deletionTimestamp", now.toString());
      Trees.object(namespace, "status").put("phase", "Terminating");
      Keys.put(tx, Kind.NAMESPACE, namespace);
    }
    for (Kind kind : Kind.values()) {
      if (kind.namespaced()) {
        for (Ledger.Stored stored : tx.list(Keys.ledgerKind(kind), name + "/")) {
          delete(kind, namespace(stored), Trees.name(Keys.tree(stored)), Deletion.ordinary());
        }
      }
    }
    finishNamespace(name);
    return tx.get(Keys.ledgerKind(Kind.NAMESPACE), name).map(Keys::tree).orElse(namespace);
  }

  private static String namespace(Ledger.Stored stored) {
    return Trees.namespace(Keys.tree(stored));
  }

  private void finishNamespace(String name) {
    Optional<ObjectNode> namespace = tx.get(Keys.ledgerKind(Kind.NAMESPACE), name).map(Keys::tree);
    boolean ending =
        namespace.filter(n -> Trees.metadata(n).hasNonNull("deletionTimestamp")).isPresent();
    if (ending && isEmpty(name)) {
      remove(Kind.NAMESPACE, namespace.orElseThrow());
    }
  }

  private boolean isEmpty(String namespace) {
    for (Kind kind : Kind.values()) {
      if (kind.namespaced() && !tx.list(Keys.ledgerKind(kind), namespace + "/").isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private record Dependent(Kind kind, ObjectNode object) {}

  private List<Dependent> dependents(ObjectNode owner) {
    String uid = Trees.uid(owner);
    List<Dependent> found = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind.namespaced() && kind != Kind.EVENT) {
        String prefix = Trees.namespace(owner).isEmpty() ? "" : Trees.namespace(owner) + "/";
        for (Ledger.Stored stored : tx.list(Keys.ledgerKind(kind), prefix)) {
          // The text is searched first: parsing everything for each delete would be slow.
          if (stored.body().contains(uid) && owns(uid, Keys.tree(stored))) {
            found.add(new Dependent(kind, Keys.tree(stored)));
          }
        }
      }
    }
    return found;
  }

  private static boolean owns(String uid, ObjectNode object) {
    return Trees.objects(object, "metadata", "ownerReferences").stream()
        .anyMatch(o -> Trees.text(o, "uid").equals(uid));
  }

  private void deleteDependent(Dependent dependent, String ownerUid, Deletion how) {
    int owners = Trees.objects(dependent.object(), "metadata", "ownerReferences").size();
    if (owners > 1) {
      disown(dependent, ownerUid);
    } else {
      delete(dependent.kind(), dependent.object(), how);
    }
  }

  private void disown(Dependent dependent, String ownerUid) {
    ObjectNode metadata = Trees.metadata(dependent.object());
    ArrayNode kept = metadata.arrayNode();
    for (ObjectNode owner : Trees.objects(metadata, "ownerReferences")) {
      if (!Trees.text(owner, "uid").equals(ownerUid)) {
        kept.add(owner);
      }
    }
    metadata.remove("ownerReferences");
    if (!kept.isEmpty()) {
      metadata.set("ownerReferences", kept);
    }
    Keys.put(tx, dependent.kind(), dependent.object());
  }

  private void finishOwner(ObjectNode gone, ObjectNode reference) {
    Optional<Kind> kind =
        Kind.of(Trees.text(reference, "apiVersion"), Trees.text(reference, "kind"));
    if (kind.isEmpty()) {
      return;
    }
    String key = Keys.key(kind.get(), Trees.namespace(gone), Trees.text(reference, "name"));
    Optional<ObjectNode> owner = tx.get(Keys.ledgerKind(kind.get()), key).map(Keys::tree);
    if (owner.isPresent()
        && finalizers(owner.get()).contains(FOREGROUND)
        && Trees.uid(owner.get()).equals(Trees.text(reference, "uid"))
        && dependents(owner.get()).isEmpty()) {
      removeFinalizer(kind.get(), owner.get());
    }
  }

  private void removeFinalizer(Kind kind, ObjectNode owner) {
    List<String> rest = new ArrayList<>(finalizers(owner));
    rest.remove(FOREGROUND);
    ArrayNode array = Trees.metadata(owner).putArray("finalizers");
    rest.forEach(array::add);
    if (rest.isEmpty()) {
      remove(kind, owner);
    } else {
      Keys.put(tx, kind, owner);
    }
  }

  private static void addFinalizer(ObjectNode object, boolean nothingToWaitFor) {
    if (!nothingToWaitFor && !finalizers(object).contains(FOREGROUND)) {
      Trees.metadata(object).withArray("finalizers").add(FOREGROUND);
    }
  }

  static List<String> finalizers(ObjectNode object) {
    List<String> found = new ArrayList<>();
    Trees.at(object, "metadata", "finalizers").forEach(f -> found.add(f.asText()));
    return found;
  }

  private static void checkPreconditions(Kind kind, ObjectNode object, Deletion how) {
    String uid = Trees.uid(object);
    if (how.uid().filter(u -> !u.equals(uid)).isPresent()) {
      throw ApiException.otherThan(kind, Trees.name(object), "UID", how.uid().get(), uid);
    }
    String version = Trees.text(object, "metadata", "resourceVersion");
    if (how.resourceVersion().filter(v -> !v.equals(version)).isPresent()) {
      throw ApiException.otherThan(
          kind, Trees.name(object), "ResourceVersion", how.resourceVersion().get(), version);
    }
  }
}
