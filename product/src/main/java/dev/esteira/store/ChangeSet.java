package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Change;
import dev.esteira.store.Ledger.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The net changes of one transaction: one for each object, in the order of their first touch. */
final class ChangeSet {
  private record ObjectName(String kind, String key) {}

  private final Map<ObjectName, Change> changes = new LinkedHashMap<>();
  private final long revision;

  ChangeSet(long revision) {
    this.revision = revision;
  }

  void add(String kind, String key, Optional<Stored> before, Optional<Stored> after) {
    changes.merge(
        new ObjectName(kind, key),
        new Change(revision, kind, key, before, after),
        (first, last) -> new Change(revision, kind, key, first.before(), last.after()));
    if (changes.size() > ChangeId.CHANGES_MAX) {
      throw EsteiraException.limit(
          "a transaction changes more than " + ChangeId.CHANGES_MAX + " objects");
    }
  }

  /** An object made and deleted again within the transaction was never there for anyone. */
  List<Recorded> recorded() {
    List<Recorded> all = new ArrayList<>(changes.size());
    for (Change change : changes.values()) {
      if (change.before().isPresent() || change.after().isPresent()) {
        all.add(new Recorded(ChangeId.of(revision, all.size()), change));
      }
    }
    return all;
  }
}
