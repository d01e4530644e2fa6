package dev.esteira.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Watch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends LedgerContract {
  private static final long HISTORY_BYTES = 300_000;
  private static final long EVENTS_MAX = 1_000;

  @TempDir private Path directory;

  @Override
  Ledger open() {
    return SqliteLedger.open(directory.resolve("contract"), HISTORY_BYTES, EVENTS_MAX);
  }

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    long first;
    long last;
    try (Ledger ledger = SqliteLedger.open(directory)) {
      first = ledger.write(tx -> put(tx, "1"));
      last = ledger.write(tx -> put(tx, "2"));
      ledger.write(tx -> tx.append("run", "event") + tx.next("number"));
    }
    try (Ledger ledger = SqliteLedger.open(directory);
        Watch watch = ledger.watch("pod", "", first)) {
      assertEquals(last + 1, ledger.revision());
      assertEquals("2", ledger.get("pod", "a").orElseThrow().body());
      assertEquals(1, ledger.events("run", 0, 10).size());
      assertEquals(2L, ledger.<Long>write(tx -> tx.next("number")));
      Ledger.Change change = watch.next(0).orElseThrow();
      assertEquals(last, change.revision());
      assertEquals("1", change.before().orElseThrow().body());
      assertEquals(first, change.after().orElseThrow().created());
      assertTrue(watch.next(0).isEmpty());
    }
  }

  @Test
  void aSecondOpeningIsRefusedUntilTheFirstIsClosed() {
    try (Ledger ledger = SqliteLedger.open(directory)) {
      EsteiraException refused =
          assertThrows(EsteiraException.class, () -> SqliteLedger.open(directory));
      assertEquals(ErrorCode.CONFLICT, refused.code());
      assertTrue(refused.text().contains(directory.toString()), refused.text());
      ledger.write(tx -> tx.next("still works"));
    }
    SqliteLedger.open(directory).close();
  }

  @Test
  void aLedgerOfANewerProgramIsRefused() {
    SqliteLedger.open(directory).close();
    try (Sql sql = Sql.open(directory.resolve("ledger.db"))) {
      sql.execute("pragma user_version = 99");
    }
    EsteiraException refused =
        assertThrows(EsteiraException.class, () -> SqliteLedger.open(directory));
    assertEquals(ErrorCode.CONFLICT, refused.code());
  }

  @Test
  void theOldestEventsAreCutAndEveryStreamCountsOn() {
    // Given one stream that ended long ago and one that goes on and on
    try (Ledger ledger = SqliteLedger.open(directory, HISTORY_BYTES, EVENTS_MAX)) {
      ledger.write(tx -> tx.append("old", "first") + tx.append("old", "last"));
      for (int batch = 0; batch < 30; batch++) {
        ledger.write(tx -> {
          for (int i = 0; i < 100; i++) {
            tx.append("long", "event");
          }
          return tx.revision();
        });
      }
    }

    // When the ledger is opened again, then the newest are kept, and numbers go on
    try (Ledger ledger = SqliteLedger.open(directory, HISTORY_BYTES, EVENTS_MAX)) {
      List<Ledger.Event> kept = ledger.events("long", 0, Integer.MAX_VALUE);
      assertEquals(3_000, kept.getLast().sequence());
      assertTrue(kept.size() >= EVENTS_MAX, "kept " + kept.size());
      assertTrue(kept.size() <= EVENTS_MAX + EVENTS_MAX / 8, "kept " + kept.size());
      assertEquals(List.of(new Ledger.Event("old", 2, "last")), ledger.events("old", 0, 10));
      assertEquals(3L, ledger.<Long>write(tx -> tx.append("old", "again")));
      assertEquals(3_001L, ledger.<Long>write(tx -> tx.append("long", "again")));
    }
  }

  private static long put(Ledger.Transaction tx, String body) {
    tx.put("pod", "a", body);
    return tx.revision();
  }
}
