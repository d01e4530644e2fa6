package dev.esteira.cluster;

import java.util.Optional;

/**
 * How to delete: what happens to dependents, how long a pod may take to end, and what must hold.
 *
 * @param graceSeconds empty: as the object says; 0: at once
 * @param uid delete only when the object has this uid
 * @param resourceVersion delete only when the object is at this version
 */
public record Deletion(
    Propagation propagation,
    Optional<Long> graceSeconds,
    Optional<String> uid,
    Optional<String> resourceVersion) {
  /** What happens to the objects that the deleted one owns. */
  public enum Propagation {
    /** The owner goes at once, dependents go too. */
    BACKGROUND,
    /** Dependents go first; the owner waits for them. */
    FOREGROUND,
    /** Dependents stay and have no owner any more. */
    ORPHAN
  }

  /** The ordinary way: in the background, with the object's own grace. */
  public static Deletion ordinary() {
    return new Deletion(
        Propagation.BACKGROUND, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** At once, without grace: for who has stopped what the object stood for. */
  public static Deletion now() {
    return new Deletion(
        Propagation.BACKGROUND, Optional.of(0L), Optional.empty(), Optional.empty());
  }

  /** The same, but only when the object still has this uid. */
  public Deletion ifUid(String expected) {
    return new Deletion(propagation, graceSeconds, Optional.of(expected), resourceVersion);
  }

  Deletion propagate(Propagation other) {
    return new Deletion(other, graceSeconds, uid, resourceVersion);
  }
}
