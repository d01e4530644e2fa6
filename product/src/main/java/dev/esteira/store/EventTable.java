package dev.esteira.store;

/**
 * Cuts the oldest events beyond a number. The last event of each stream stays, because the next one
 * counts on from it.
 */
final class EventTable {
  private static final String CUT = "events-cut";

  private final Sql sql;
  private final long eventsMax;

  EventTable(Sql sql, long eventsMax) {
    this.sql = sql;
    this.eventsMax = eventsMax;
  }

  /** In strides, so that most batches have nothing to do; within the batch's own commit. */
  void cut() {
    // Row numbers grow with every event, because the newest row is never deleted.
    long newest = sql.number("select max(rowid) from events");
    if (newest <= eventsMax + eventsMax / 16) {
      return;
    }
    long before = Rows.counter(sql, CUT);
    long cut = newest - eventsMax;
    if (cut - before < Math.max(1, eventsMax / 16)) {
      return;
    }
    sql.update(
        "delete from events where rowid > ? and rowid <= ? and sequence <"
            + " (select max(sequence) from events later where later.stream = events.stream)",
        before,
        cut);
    Rows.setCounter(sql, CUT, cut);
  }
}
