package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Typed access to the stored Kubernetes objects, as JSON trees, with the rules of the API server:
 * every object that comes out has been defaulted and validated when it went in.
 *
 * <p>Trees that come out are the caller's own copies: change them freely. They carry {@code
 * apiVersion}, {@code kind} and {@code metadata.resourceVersion}, which is the ledger's revision.
 * Cluster-wide kinds take the empty string as their namespace. Every failure is an {@link
 * ApiException} with the reason that a client would see. Thread-safe; every change is durable when
 * the call returns. A write that changes nothing is not recorded and keeps the resourceVersion.
 */
public interface Objects {
  /** The objects of a home, with what every cluster has (namespaces, service accounts) made. */
  static Objects over(Ledger ledger, InstantSource clock, ServiceAddresses addresses) {
    LedgerObjects objects = new LedgerObjects(ledger, clock, addresses);
    objects.bootstrap();
    return objects;
  }

  Optional<ObjectNode> get(Kind kind, String namespace, String name);

  /** All objects of the kind, of one namespace or of all, by namespace and name. */
  List<ObjectNode> list(Kind kind, Optional<String> namespace);

  /** The objects of {@link #list} with the revision of the moment at which they were read. */
  Listing snapshot(Kind kind, Optional<String> namespace);

  /** What one moment held: the objects, and the revision after which to {@link #watch}. */
  record Listing(long revision, List<ObjectNode> items) {
    public Listing {
      items = List.copyOf(items);
    }
  }

  /**
   * Makes the object; {@code metadata.name} or {@code generateName} is set, and the namespace of a
   * namespaced kind exists. A uid, a creation time and generation 1 are given; a status in {@code
   * object} is dropped where status is a resource of its own.
   */
  ObjectNode create(Kind kind, ObjectNode object);

  /**
   * Replaces all but the status. With a {@code metadata.resourceVersion} that is not the current
   * one it fails with {@code CONFLICT}; without one it replaces whatever is there. {@code
   * metadata.generation} grows when the spec changed. Removing the last finalizer of an object that
   * is being deleted removes it.
   */
  ObjectNode update(Kind kind, ObjectNode object);

  /** Replaces the status alone, under the same rule for {@code resourceVersion}. */
  ObjectNode updateStatus(Kind kind, ObjectNode object);

  /**
   * Reads, changes and updates until no one else came between (at most 20 tries, then {@code
   * CONFLICT}). The operator may run several times. What it returns is written whole: spec and
   * metadata as by {@link #update}, then status as by {@link #updateStatus}, in one transaction.
   *
   * @return the new object, or empty when it does not exist (any more)
   */
  Optional<ObjectNode> apply(
      Kind kind, String namespace, String name, UnaryOperator<ObjectNode> change);

  /**
   * Deletes; dependents (by {@code ownerReferences}) and a namespace's content go in the same
   * transaction as {@link Deletion#propagation} says.
   *
   * <p>A pod that has a {@code spec.nodeName} and is not finished only gets {@code
   * metadata.deletionTimestamp} and {@code deletionGracePeriodSeconds}; whoever runs it stops it
   * and then deletes it with {@link Deletion#now()}. A pod can also vanish at once (forced, or
   * finished): whoever runs it stops what is left.
   *
   * @return the object as it is now, or as it was last when it is gone; empty when there was none
   */
  Optional<ObjectNode> delete(Kind kind, String namespace, String name, Deletion how);

  /**
   * Changes of a kind after a revision, in order; {@link ApiException.Reason#EXPIRED} when that is
   * older than what is kept, then list again. {@link #snapshot} gives a start.
   */
  Watch watch(Kind kind, long after);

  /** The revision of the last committed change. */
  long revision();

  /** What happened to one object; a {@code DELETED} one shows it as it was last. */
  record Change(Type type, long revision, ObjectNode object, Optional<ObjectNode> before) {
    /** The names that the wire uses. */
    public enum Type {
      ADDED,
      MODIFIED,
      DELETED
    }
  }

  /** An open watch; closing it wakes a blocked {@link #next}. */
  interface Watch extends AutoCloseable {
    /** The next change, or empty when {@code waitMillis} passed or the watch was closed. */
    Optional<Change> next(long waitMillis) throws InterruptedException;

    @Override
    void close();
  }
}
