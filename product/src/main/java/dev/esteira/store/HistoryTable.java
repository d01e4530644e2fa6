package dev.esteira.store;

import dev.esteira.store.Ledger.Change;
import dev.esteira.store.Ledger.Stored;
import java.util.List;
import java.util.Optional;

/** Writes the kept changes and cuts the oldest when they exceed a number of bytes. */
final class HistoryTable {
  /** What a change costs beside its bodies, roughly; bounds the number of small changes too. */
  private static final int CHANGE_BYTES = 256;

  private final Sql sql;
  private final long bytesMax;
  private long bytesTotal;
  private long bytesCut;

  HistoryTable(Sql sql, long bytesMax) {
    this.sql = sql;
    this.bytesMax = bytesMax;
    reload();
  }

  /** Forgets what a batch that was rolled back had counted. */
  void reload() {
    bytesTotal = sql.number("select bytes_total from changes order by id desc limit 1");
    bytesCut = sql.number("select bytes_total from changes order by id limit 1");
  }

  void append(List<Recorded> changes) {
    for (Recorded each : changes) {
      Change change = each.change();
      bytesTotal += CHANGE_BYTES + bytes(change.before()) + bytes(change.after());
      sql.update(
          "insert into changes (id, kind, key, before_created, before_revision, before_body,"
              + " after_created, after_body, bytes_total) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          each.id(),
          change.kind(),
          change.key(),
          change.before().map(Stored::created),
          change.before().map(Stored::revision),
          change.before().map(Stored::body),
          change.after().map(Stored::created),
          change.after().map(Stored::body),
          bytesTotal);
    }
  }

  /** Cuts whole transactions, in strides, so that most batches have nothing to do. */
  void cut() {
    if (bytesTotal - bytesCut <= bytesMax + bytesMax / 16) {
      return;
    }
    long firstKept =
        sql.number(
            "select id from changes where bytes_total > ? order by id limit 1",
            bytesTotal - bytesMax);
    long cut = ChangeId.lastOf(ChangeId.revisionOf(firstKept) - 1);
    sql.update("delete from changes where id <= ?", cut);
    Rows.setCounter(sql, Writer.CUT, cut);
    bytesCut = sql.number("select bytes_total from changes order by id limit 1");
  }

  private static long bytes(Optional<Stored> stored) {
    return stored.map(each -> each.body().length()).orElse(0);
  }
}
