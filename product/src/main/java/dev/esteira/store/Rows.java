package dev.esteira.store;

import dev.esteira.store.Ledger.Change;
import dev.esteira.store.Ledger.Event;
import dev.esteira.store.Ledger.Stored;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The queries that both readers and transactions use. */
final class Rows {
  /** The greatest code point: no key under a prefix sorts after prefix + this. */
  private static final String HIGHEST = Character.toString(Character.MAX_CODE_POINT);

  private Rows() {}

  static Optional<Stored> get(Sql sql, String kind, String key) {
    return sql.first(
        Rows::stored,
        "select kind, key, created, revision, body from objects where kind = ? and key = ?",
        kind,
        key);
  }

  static List<Stored> list(Sql sql, String kind, String prefix) {
    return sql.query(
        Rows::stored,
        "select kind, key, created, revision, body from objects"
            + " where kind = ? and key >= ? and key < ? order by key",
        kind,
        prefix,
        prefix + HIGHEST);
  }

  static List<Event> events(Sql sql, String stream, long after, int limit) {
    return sql.query(
        row -> new Event(stream, row.getLong(1), row.getString(2)),
        "select sequence, body from events where stream = ? and sequence > ?"
            + " order by sequence limit ?",
        stream,
        after,
        limit);
  }

  static List<Recorded> changes(
      Sql sql, String kind, String prefix, long after, long to, int limit) {
    return sql.query(
        Rows::recorded,
        "select id, kind, key, before_created, before_revision, before_body, after_created,"
            + " after_body from changes where id > ? and id <= ?"
            + " and kind = ? and key >= ? and key < ? order by id limit ?",
        after,
        to,
        kind,
        prefix,
        prefix + HIGHEST,
        limit);
  }

  static long counter(Sql sql, String name) {
    return sql.number("select value from counters where name = ?", name);
  }

  static void setCounter(Sql sql, String name, long value) {
    sql.update(
        "insert into counters (name, value) values (?, ?)"
            + " on conflict (name) do update set value = excluded.value",
        name,
        value);
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getString(5));
  }

  private static Recorded recorded(ResultSet row) throws SQLException {
    long id = row.getLong(1);
    long revision = ChangeId.revisionOf(id);
    String kind = row.getString(2);
    String key = row.getString(3);
    Optional<Stored> before =
        stored(kind, key, row.getLong(4), row.getLong(5), Optional.ofNullable(row.getString(6)));
    Optional<Stored> after =
        stored(kind, key, row.getLong(7), revision, Optional.ofNullable(row.getString(8)));
    return new Recorded(id, new Change(revision, kind, key, before, after));
  }

  private static Optional<Stored> stored(
      String kind, String key, long created, long revision, Optional<String> body) {
    return body.map(text -> new Stored(kind, key, created, revision, text));
  }
}
