package dev.esteira.cluster;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger;
import java.util.Optional;

/** A ledger's watch in the terms of objects. */
final class ObjectWatch implements Objects.Watch {
  private final Ledger.Watch watch;

  ObjectWatch(Ledger.Watch watch) {
    this.watch = watch;
  }

  @Override
  public Optional<Objects.Change> next(long waitMillis) throws InterruptedException {
    try {
      return watch.next(waitMillis).map(ObjectWatch::change);
    } catch (EsteiraException e) {
      throw expired(e, 0);
    }
  }

  /** Kubernetes' words for a revision that is not kept any more. */
  static RuntimeException expired(EsteiraException e, long after) {
    if (e.code() != ErrorCode.LIMIT) {
      return e;
    }
    return ApiException.of(
        ApiException.Reason.EXPIRED, "too old resource version: " + after + " (" + e.text() + ")");
  }

  private static Objects.Change change(Ledger.Change change) {
    Objects.Change.Type type =
        change.after().isEmpty()
            ? Objects.Change.Type.DELETED
            : change.before().isEmpty() ? Objects.Change.Type.ADDED : Objects.Change.Type.MODIFIED;
    Ledger.Stored shown = change.after().or(change::before).orElseThrow();
    // A deleted object shows the revision of its deletion, so that a client can go on from there.
    return new Objects.Change(
        type,
        change.revision(),
        Keys.tree(shown.body(), change.revision()),
        change.before().map(Keys::tree));
  }

  @Override
  public void close() {
    watch.close();
  }
}
