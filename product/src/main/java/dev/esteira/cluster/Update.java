package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happens to an object between a client's new version and its recorded one. */
final class Update {
  /** Which part of the object a request may change. */
  enum Part {
    SPEC,
    STATUS,
    BOTH
  }

  /** Metadata that only the server sets. */
  private static final List<String> SERVER_FIELDS =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "generateName");

  private Update() {}

  static ObjectNode put(
      Ledger.Transaction tx, Kind kind, ObjectNode old, ObjectNode sent, Part part, Instant now) {
    ObjectNode wanted = part == Part.STATUS ? statusOf(old, sent) : sent.deepCopy();
    checkVersion(kind, old, sent);
    wanted.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    keepServerFields(old, wanted);
    if (part == Part.SPEC && kind.hasStatus()) {
      copy("status", old, wanted);
    }
    if (part != Part.STATUS) {
      Rules.defaults(kind, wanted);
      Rules.keep(kind, wanted, old);
      Rules.validate(kind, wanted, Optional.of(old));
      grow(kind, old, wanted);
      if (kind == Kind.SERVICE) {
        NodePorts.allocate(tx, wanted);
      }
    }
    if (comparable(wanted).equals(comparable(old))) {
      return old;
    }
    if (isOver(kind, wanted)) {
      new Removal(tx, now).remove(kind, wanted);
      return wanted;
    }
    return Keys.put(tx, kind, wanted);
  }

  private static ObjectNode statusOf(ObjectNode old, ObjectNode sent) {
    ObjectNode wanted = old.deepCopy();
    copy("status", sent, wanted);
    return wanted;
  }

  private static void checkVersion(Kind kind, ObjectNode old, ObjectNode sent) {
    String has = Trees.text(old, "metadata", "resourceVersion");
    String expects = Trees.text(sent, "metadata", "resourceVersion");
    if (!expects.isEmpty() && !expects.equals(has)) {
      String why =
          "the object has been modified; please apply your changes to the latest version and try"
              + " again";
      throw ApiException.conflict(kind, Trees.name(old), why);
    }
    String uid = Trees.uid(sent);
    if (!uid.isEmpty() && !uid.equals(Trees.uid(old))) {
      throw ApiException.otherThan(kind, Trees.name(old), "UID", uid, Trees.uid(old));
    }
  }

  private static void keepServerFields(ObjectNode old, ObjectNode wanted) {
    SERVER_FIELDS.forEach(f -> copy(f, Trees.metadata(old), Trees.metadata(wanted)));
  }

  private static void copy(String field, ObjectNode from, ObjectNode to) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }

  private static void grow(Kind kind, ObjectNode old, ObjectNode wanted) {
    if (kind.scalable() && !wanted.path("spec").equals(old.path("spec"))) {
      Trees.metadata(wanted).put("generation", Trees.number(old, "metadata", "generation") + 1);
    }
  }

  private static ObjectNode comparable(ObjectNode object) {
    ObjectNode copy = Trees.normal(object);
    Trees.metadata(copy).remove(List.of("resourceVersion", "managedFields", "selfLink"));
    return copy;
  }

  /** The last finalizer went while the object was being deleted, and no grace is left. */
  private static boolean isOver(Kind kind, ObjectNode wanted) {
    ObjectNode metadata = Trees.metadata(wanted);
    boolean deleting = metadata.hasNonNull("deletionTimestamp");
    boolean stopped = metadata.path("deletionGracePeriodSeconds").asLong() == 0;
    return deleting && stopped && kind != Kind.NAMESPACE && Removal.finalizers(wanted).isEmpty();
  }
}
