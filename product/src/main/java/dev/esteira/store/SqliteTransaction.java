package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Stored;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One transaction within a batch; a savepoint around it makes it undoable on its own. */
final class SqliteTransaction implements Ledger.Transaction {
  private final Sql sql;
  private final long revision;
  private final ChangeSet changes;
  private @Nullable EsteiraException failure;
  private boolean over;

  SqliteTransaction(Sql sql, long revision) {
    this.sql = sql;
    this.revision = revision;
    this.changes = new ChangeSet(revision);
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public Optional<Stored> get(String kind, String key) {
    return guarded(() -> Rows.get(sql, kind, key));
  }

  @Override
  public List<Stored> list(String kind, String prefix) {
    return guarded(() -> Rows.list(sql, kind, prefix));
  }

  @Override
  public void put(String kind, String key, String body) {
    Optional<Stored> before = get(kind, key);
    long created = before.map(Stored::created).orElse(revision);
    guarded(() ->
        sql.update(
            "insert into objects (kind, key, created, revision, body) values (?, ?, ?, ?, ?)"
                + " on conflict (kind, key)"
                + " do update set revision = excluded.revision, body = excluded.body",
            kind,
            key,
            created,
            revision,
            body));
    changes.add(kind, key, before, Optional.of(new Stored(kind, key, created, revision, body)));
  }

  @Override
  public boolean delete(String kind, String key) {
    Optional<Stored> before = get(kind, key);
    if (before.isEmpty()) {
      return false;
    }
    guarded(() -> sql.update("delete from objects where kind = ? and key = ?", kind, key));
    changes.add(kind, key, before, Optional.empty());
    return true;
  }

  @Override
  public long append(String stream, String body) {
    return guarded(() -> {
      long sequence = 1 + sql.number("select max(sequence) from events where stream = ?", stream);
      sql.update(
          "insert into events (stream, sequence, body) values (?, ?, ?)", stream, sequence, body);
      return sequence;
    });
  }

  @Override
  public long next(String sequence) {
    String name = "sequence/" + sequence;
    return guarded(() -> {
      long next = 1 + Rows.counter(sql, name);
      Rows.setCounter(sql, name, next);
      return next;
    });
  }

  /** Ends the use of this object and gives what it changed. */
  List<Recorded> end() {
    over = true;
    return changes.recorded();
  }

  /** A failure of the database, which the work may have swallowed. */
  @Nullable EsteiraException failure() {
    return failure;
  }

  private <T> T guarded(Supplier<T> access) {
    if (over) {
      throw new IllegalStateException("a transaction was used after its end");
    }
    try {
      return access.get();
    } catch (EsteiraException e) {
      failure = e;
      throw e;
    }
  }
}
