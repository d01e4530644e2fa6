package dev.esteira.store;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.nio.file.Path;
import java.util.List;

/** The tables, and the steps from each older version to the next (PRAGMA user_version). */
final class Schema {
  /** The step at index n leads from version n to n + 1. A step that was released never changes. */
  private static final List<List<String>> MIGRATIONS =
      List.of(
          List.of(
              "create table counters (name text primary key, value integer not null) without rowid",
              """
              create table objects (
                kind text not null, key text not null,
                created integer not null, revision integer not null, body text not null,
                primary key (kind, key))\
              """,
              """
              create table events (
                stream text not null, sequence integer not null, body text not null,
                primary key (stream, sequence))\
              """,
              // bytes_total is the running total, so that the oldest can be cut by size.
              """
              create table changes (
                id integer primary key, kind text not null, key text not null,
                before_created integer, before_revision integer, before_body text,
                after_created integer, after_body text, bytes_total integer not null)\
              """));

  private Schema() {}

  static void migrate(Sql sql, Path file) {
    long version = sql.number("pragma user_version");
    if (version > MIGRATIONS.size()) {
      throw new EsteiraException(
          ErrorCode.CONFLICT,
          "the ledger %s has version %d, but this program knows versions up to %d"
              .formatted(file, version, MIGRATIONS.size()),
          "use the newer program that wrote it",
          null);
    }
    for (long next = version; next < MIGRATIONS.size(); next++) {
      sql.execute("begin immediate");
      MIGRATIONS.get((int) next).forEach(sql::execute);
      sql.execute("pragma user_version = " + (next + 1));
      sql.execute("commit");
    }
  }
}
