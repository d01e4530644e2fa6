package dev.esteira.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Change;
import dev.esteira.store.Ledger.Event;
import dev.esteira.store.Ledger.Snapshot;
import dev.esteira.store.Ledger.Stored;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.Ledger.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every ledger promises; run by the real one and by the one in memory. */
abstract class LedgerContract {
  private static final long WAIT_MILLIS = 20_000;

  private Ledger ledger;

  /** A ledger that keeps a history of a few dozen to a few hundred small changes. */
  abstract Ledger open();

  @BeforeEach
  void openLedger() {
    ledger = open();
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  private long put(String kind, String key, String body) {
    return ledger.write(tx -> {
      tx.put(kind, key, body);
      return tx.revision();
    });
  }

  @Test
  void anObjectKnowsTheRevisionsOfItsMakingAndItsLastChange() {
    long made = put("pod", "a", "1");
    long changed = put("pod", "a", "2");
    assertTrue(changed > made);
    assertEquals(Optional.of(new Stored("pod", "a", made, changed, "2")), ledger.get("pod", "a"));
    assertEquals(changed, ledger.revision());
    assertEquals(Optional.empty(), ledger.get("pod", "b"));
    assertEquals(Optional.empty(), ledger.get("service", "a"));
  }

  @Test
  void aListHoldsTheKindUnderThePrefixInKeyOrder() {
    List.of("b/2", "a/1", "b/1", "bb/1", "b", "b/ç", "b/%").forEach(key -> put("pod", key, "x"));
    put("service", "b/1", "x");
    List<String> keys = ledger.list("pod", "b/").stream().map(Stored::key).toList();
    assertEquals(List.of("b/%", "b/1", "b/2", "b/ç"), keys);
    assertEquals(7, ledger.list("pod", "").size());
    Snapshot snapshot = ledger.snapshot("pod", "b/");
    assertEquals(ledger.revision(), snapshot.revision());
    assertEquals(4, snapshot.items().size());
  }

  @Test
  void aDeletedObjectIsGoneAndAnAbsentOneIsToldSo() {
    put("pod", "a", "1");
    assertTrue(ledger.<Boolean>write(tx -> tx.delete("pod", "a")));
    assertFalse(ledger.<Boolean>write(tx -> tx.delete("pod", "a")));
    assertEquals(Optional.empty(), ledger.get("pod", "a"));
  }

  @Test
  void aTransactionSeesItsOwnWrites() {
    put("pod", "a", "1");
    ledger.write(tx -> {
      tx.put("pod", "b", "2");
      tx.delete("pod", "a");
      assertEquals(Optional.empty(), tx.get("pod", "a"));
      assertEquals(List.of("b"), tx.list("pod", "").stream().map(Stored::key).toList());
      return true;
    });
  }

  @Test
  void anExceptionRollsBackThatTransactionAlone() {
    put("pod", "a", "1");
    IllegalArgumentException thrown = new IllegalArgumentException("no");
    Throwable caught =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ledger.write(tx -> {
                  tx.put("pod", "a", "2");
                  tx.put("pod", "b", "2");
                  tx.append("run", "lost");
                  tx.next("number");
                  throw thrown;
                }));
    assertSame(thrown, caught);
    assertEquals("1", ledger.get("pod", "a").orElseThrow().body());
    assertEquals(Optional.empty(), ledger.get("pod", "b"));
    assertEquals(List.of(), ledger.events("run", 0, 10));
    assertEquals(1L, ledger.<Long>write(tx -> tx.next("number")));
  }

  @Test
  void aTransactionIsOfNoUseAfterItsEnd() {
    AtomicReference<Transaction> kept = new AtomicReference<>();
    ledger.write(tx -> {
      kept.set(tx);
      return true;
    });
    assertThrows(IllegalStateException.class, () -> kept.get().put("pod", "a", "1"));
  }

  @Test
  void workThatCallsTheLedgerIsRefusedInsteadOfHanging() {
    assertThrows(
        IllegalStateException.class, () -> ledger.write(tx -> ledger.write(inner -> true)));
  }

  @Test
  void eventsCountFromOneWithinTheirStream() {
    ledger.write(tx -> tx.append("run/1", "a") + tx.append("run/2", "x"));
    assertEquals(2L, ledger.<Long>write(tx -> tx.append("run/1", "b")));
    assertEquals(
        List.of(new Event("run/1", 1, "a"), new Event("run/1", 2, "b")),
        ledger.events("run/1", 0, 10));
    assertEquals(List.of(new Event("run/1", 2, "b")), ledger.events("run/1", 1, 10));
    assertEquals(1, ledger.events("run/1", 0, 1).size());
  }

  @Test
  void aWatchTellsEachChangeOnceAndInOrder() throws Exception {
    put("pod", "a/1", "1");
    long after = ledger.revision();
    try (Watch watch = ledger.watch("pod", "a/", after)) {
      assertEquals(Optional.empty(), watch.next(0));
      long second = put("pod", "a/1", "2");
      put("pod", "b/1", "1");
      put("service", "a/1", "1");
      ledger.write(tx -> tx.delete("pod", "a/1"));
      Change changed = watch.next(WAIT_MILLIS).orElseThrow();
      assertEquals(second, changed.revision());
      assertEquals("1", changed.before().orElseThrow().body());
      assertEquals("2", changed.after().orElseThrow().body());
      Change deleted = watch.next(WAIT_MILLIS).orElseThrow();
      assertEquals("2", deleted.before().orElseThrow().body());
      assertEquals(second, deleted.before().orElseThrow().revision());
      assertEquals(Optional.empty(), deleted.after());
      assertEquals(Optional.empty(), watch.next(0));
    }
  }

  @Test
  void aWatchFromAnOlderRevisionTellsWhatHappenedSince() throws Exception {
    long first = put("pod", "a", "1");
    put("pod", "a", "2");
    put("pod", "b", "1");
    try (Watch watch = ledger.watch("pod", "", first)) {
      put("pod", "c", "1");
      List<String> told = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        told.add(watch.next(WAIT_MILLIS).orElseThrow().key());
      }
      assertEquals(List.of("a", "b", "c"), told);
      assertEquals(Optional.empty(), watch.next(0));
    }
  }

  @Test
  void severalChangesOfOneObjectInOneTransactionAreOne() throws Exception {
    try (Watch watch = ledger.watch("pod", "", 0)) {
      ledger.write(tx -> {
        tx.put("pod", "brief", "1");
        tx.delete("pod", "brief");
        tx.put("pod", "a", "1");
        tx.put("pod", "a", "2");
        return true;
      });
      Change change = watch.next(WAIT_MILLIS).orElseThrow();
      assertEquals(Optional.empty(), change.before());
      assertEquals("2", change.after().orElseThrow().body());
      assertEquals(Optional.empty(), watch.next(0));
    }
  }

  @Test
  void aWatchThatBeginsBeforeTheKeptHistoryIsRefused() {
    long first = put("pod", "a", "0");
    String body = "x".repeat(500);
    for (int i = 0; i < 1_000; i++) {
      put("pod", "a", body);
    }
    EsteiraException refused =
        assertThrows(EsteiraException.class, () -> ledger.watch("pod", "", first));
    assertEquals(ErrorCode.LIMIT, refused.code());
    ledger.watch("pod", "", ledger.revision()).close();
  }

  @Test
  void aReaderThatFellBehindTheKeptHistoryIsToldSo() throws Exception {
    try (Watch watch = ledger.watch("pod", "", 0)) {
      String body = "x".repeat(500);
      for (int i = 0; i < 3_000; i++) {
        put("pod", "a", body);
      }
      EsteiraException refused =
          assertThrows(
              EsteiraException.class,
              () -> {
                while (watch.next(0).isPresent()) {
                  // Reads what it was given before the gap.
                }
              });
      assertEquals(ErrorCode.LIMIT, refused.code());
    }
  }

  @Test
  void closingAWatchWakesItsReader() throws Exception {
    Watch watch = ledger.watch("pod", "", 0);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<Change>> reader = threads.submit(() -> watch.next(WAIT_MILLIS * 10));
      watch.close();
      assertEquals(Optional.empty(), reader.get());
    }
  }

  @Test
  void concurrentWritersLoseNothingAndReadersOfWatchesMissNothing() throws Exception {
    long writers = 20;
    int each = 20;
    try (Watch watch = ledger.watch("n", "", 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          LongStream.range(0, writers)
              .<Future<?>>mapToObj(writer ->
                  threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                      ledger.write(tx -> {
                        tx.put("n", "k" + writer, "" + tx.next("number"));
                        return true;
                      });
                    }
                  }))
              .toList();
      for (long number = 1; number <= writers * each; number++) {
        Change change = watch.next(WAIT_MILLIS).orElseThrow();
        assertEquals("" + number, change.after().orElseThrow().body());
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertEquals(writers * each, ledger.revision());
  }

  @Test
  void aClosedLedgerRefusesClearly() {
    ledger.close();
    EsteiraException refused =
        assertThrows(EsteiraException.class, () -> ledger.write(tx -> tx.next("a")));
    assertEquals(ErrorCode.UNAVAILABLE, refused.code());
    assertThrows(EsteiraException.class, () -> ledger.get("pod", "a"));
  }
}
