package dev.esteira.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.MachineHost.Retry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MachineHostTest {
  private static final long WAIT_MILLIS = 120_000;

  private final Ledger ledger = new TestingLedger();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private MachineHost<Parcel, Parcel.Event, Parcel.Command> host = host();

  private MachineHost<Parcel, Parcel.Event, Parcel.Command> host() {
    return new MachineHost<>(
        ledger, "parcel", Parcel::step, Parcel.TYPES, now::get, new Retry(3, 1, 2));
  }

  @AfterEach
  void close() {
    host.close();
    ledger.close();
  }

  private void carry(String key, Parcel.Command command) {
    if (command instanceof Parcel.Command.Carry) {
      host.deliver(key, new Parcel.Event.Carried());
    }
  }

  private void carryOrCount(String key, Parcel.Command command, CountDownLatch refunded) {
    carry(key, command);
    if (command instanceof Parcel.Command.Refund) {
      refunded.countDown();
    }
  }

  private static void hang(CountDownLatch begun) throws InterruptedException {
    begun.countDown();
    new CountDownLatch(1).await();
  }

  @Test
  void aCommandIsCarriedOutOnceItsStepIsRecordedAndAnswersWithAnEvent() throws Exception {
    host.start(this::carry);
    host.create("p/1", new Parcel.Open());
    assertEquals(new Parcel.Packed("Ana"), host.deliver("p/1", new Parcel.Event.Order("Ana")));
    assertTrue(host.awaitIdle(WAIT_MILLIS));
    assertEquals(Optional.of(new Parcel.OnTheWay("Ana", now.get())), host.state("p/1"));
    assertEquals(List.of("p/1"), List.copyOf(host.states("p/").keySet()));
  }

  @Test
  void whatAnEarlierProcessLeftIsGivenToTheHandsAtStart() throws Exception {
    host.create("p/1", new Parcel.Open());
    host.deliver("p/1", new Parcel.Event.Order("Ana"));
    host.close();
    host = host();
    host.start(this::carry);
    assertTrue(host.awaitIdle(WAIT_MILLIS));
    assertEquals(Optional.of(new Parcel.OnTheWay("Ana", now.get())), host.state("p/1"));
  }

  @Test
  void aCommandThatIsCutOffByTheEndIsGivenAgain() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    host.start((key, command) -> hang(begun));
    host.create("p/1", new Parcel.Open());
    host.deliver("p/1", new Parcel.Event.Order("Ana"));
    begun.await();
    host.close();
    host = host();
    host.start(this::carry);
    assertTrue(host.awaitIdle(WAIT_MILLIS));
    assertTrue(host.state("p/1").orElseThrow() instanceof Parcel.OnTheWay);
  }

  @Test
  void aFailingCommandIsTriedAgainAndGivenUpAtTheLimit() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    List<Parcel.Command> gaveUp = Collections.synchronizedList(new ArrayList<>());
    host.start(
        new Hands<>() {
          @Override
          public void carryOut(String key, Parcel.Command command) {
            attempts.incrementAndGet();
            throw new IllegalStateException("the van is broken");
          }

          @Override
          public void gaveUp(String key, Parcel.Command command, Exception cause) {
            gaveUp.add(command);
          }
        });
    host.create("p/1", new Parcel.Open());
    host.deliver("p/1", new Parcel.Event.Order("Ana"));
    assertTrue(host.awaitIdle(WAIT_MILLIS));
    assertEquals(3, attempts.get());
    assertEquals(List.of(new Parcel.Command.Carry("Ana")), gaveUp);
  }

  @Test
  void aTimerFiresWhenItsInstantHasComeAndNotBefore() throws Exception {
    host.create("p/1", new Parcel.Open());
    host.deliver("p/1", new Parcel.Event.Order("Ana"));
    host.deliver("p/1", new Parcel.Event.Carried());
    assertEquals(0, host.crank());
    now.updateAndGet(instant -> instant.plusSeconds(Parcel.PATIENCE_SECONDS));
    host.close();
    host = host();
    assertEquals(1, host.crank());
    assertEquals(0, host.crank());
    assertEquals(Optional.of(new Parcel.Lost()), host.state("p/1"));
  }

  @Test
  void aStartedHostFiresTimersByItself() throws Exception {
    CountDownLatch refunded = new CountDownLatch(1);
    host.start((key, command) -> carryOrCount(key, command, refunded));
    host.create("p/1", new Parcel.Open());
    host.deliver("p/1", new Parcel.Event.Order("Ana"));
    assertTrue(host.awaitIdle(WAIT_MILLIS));
    now.updateAndGet(instant -> instant.plusSeconds(Parcel.PATIENCE_SECONDS));
    refunded.await();
    assertEquals(Optional.of(new Parcel.Lost()), host.state("p/1"));
  }

  @Test
  void lanesDoNotWaitForEachOtherAndOneLaneKeepsItsOrder() throws Exception {
    MachineHost<Integer, Integer, String> counting =
        new MachineHost<>(
            ledger,
            "count",
            (state, event, at) ->
                new Machine.Step<>(state + event, List.of("slow", "fast " + event)),
            new MachineHost.Types<>(Integer.class, Integer.class, String.class),
            now::get);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch fast = new CountDownLatch(20);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    counting.start(
        new Hands<>() {
          @Override
          public void carryOut(String key, String command) throws Exception {
            if (command.equals("slow")) {
              release.await();
            } else {
              order.add(command);
              fast.countDown();
            }
          }

          @Override
          public String lane(String command) {
            return command.equals("slow") ? "slow" : "";
          }
        });
    counting.create("c", 0);
    for (int i = 0; i < 20; i++) {
      counting.deliver("c", i);
    }
    fast.await();
    for (int i = 0; i < 20; i++) {
      assertEquals("fast " + i, order.get(i));
    }
    release.countDown();
    assertTrue(counting.awaitIdle(WAIT_MILLIS));
    counting.close();
  }

  @Test
  void aMachineIsMadeOnceAndAnUnknownOneReceivesNothing() {
    host.create("p/1", new Parcel.Open());
    EsteiraException twice =
        assertThrows(EsteiraException.class, () -> host.create("p/1", new Parcel.Open()));
    assertEquals(ErrorCode.CONFLICT, twice.code());
    EsteiraException unknown =
        assertThrows(EsteiraException.class, () -> host.deliver("p/2", new Parcel.Event.Signed()));
    assertEquals(ErrorCode.NOT_FOUND, unknown.code());
  }

  @Test
  void aForgottenMachineLeavesNothing() throws Exception {
    for (String key : List.of("p", "p#x")) {
      host.create(key, new Parcel.Open());
      host.deliver(key, new Parcel.Event.Order("Ana"));
      host.deliver(key, new Parcel.Event.Carried());
    }
    host.forget("p");
    assertFalse(host.state("p").isPresent());
    assertEquals(1, ledger.list("parcel-outbox", "").size());
    assertEquals(1, ledger.list("parcel-timer", "").size());
    host.forget("p#x");
    assertEquals(List.of(), ledger.list("parcel-outbox", ""));
    assertEquals(List.of(), ledger.list("parcel-timer", ""));
  }
}
