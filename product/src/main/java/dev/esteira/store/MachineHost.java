package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Stored;
import dev.esteira.store.Ledger.Transaction;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Drives the machines of one kind over the ledger: decide, record, act.
 *
 * <pre>
 * deliver(key, event) -> one transaction: state, step, state', commands into the outbox
 *                     -> after it is durable: hands carry out each command, on a virtual thread
 *                     -> the command leaves the outbox; what came of it is the next event
 * </pre>
 *
 * <p>Three kinds of objects: {@code KIND} holds the states ({@link StateJson}) under their keys,
 * {@code KIND-outbox} the commands not yet carried out, {@code KIND-timer} the timers not yet due.
 * At {@link #start} the hands are given again what an earlier process left. Thread-safe.
 */
public final class MachineHost<S, E, C> implements AutoCloseable {
  private final Ledger ledger;
  private final String kind;
  private final Machine<S, E, C> machine;
  private final Types<S, E, C> types;
  private final InstantSource clock;
  private final Outbox<C> outbox;
  private final Timers timers;

  /** The types as which states, events and commands are written and read. */
  public record Types<S, E, C>(Class<S> state, Class<E> event, Class<C> command) {}

  /** How often a failing command is tried, and how long to wait in between (doubled each time). */
  public record Retry(int attemptsMax, long firstMillis, long longestMillis) {
    public static final Retry USUAL = new Retry(8, 100, 30_000);

    public Retry {
      if (attemptsMax < 1 || firstMillis < 0 || longestMillis < firstMillis) {
        throw EsteiraException.invalid(
            "no retry: %d attempts, %d to %d ms"
                .formatted(attemptsMax, firstMillis, longestMillis));
      }
    }

    long delayMillis(int failed) {
      return Math.min(longestMillis, firstMillis << Math.min(failed - 1, 20));
    }
  }

  public MachineHost(
      Ledger ledger,
      String kind,
      Machine<S, E, C> machine,
      Types<S, E, C> types,
      InstantSource clock) {
    this(ledger, kind, machine, types, clock, Retry.USUAL);
  }

  public MachineHost(
      Ledger ledger,
      String kind,
      Machine<S, E, C> machine,
      Types<S, E, C> types,
      InstantSource clock,
      Retry retry) {
    this.ledger = ledger;
    this.kind = kind;
    this.machine = machine;
    this.types = types;
    this.clock = clock;
    this.outbox = new Outbox<>(ledger, kind + "-outbox", types.command(), retry);
    this.timers = new Timers(ledger, kind + "-timer", clock, this::fire);
  }

  /** Gives the hands what is unfinished and all that is decided from now on, and runs timers. */
  public void start(Hands<C> hands) {
    outbox.start(hands);
    timers.start();
  }

  /** Makes a machine in this state; {@code CONFLICT} when there is one. */
  public void create(String key, S initial) {
    ledger.write(tx -> {
      create(tx, key, initial);
      return true;
    });
  }

  /** The same within the caller's transaction. */
  public void create(Transaction tx, String key, S initial) {
    if (tx.get(kind, key).isPresent()) {
      throw EsteiraException.conflict("there is a " + kind + " '" + key + "' already");
    }
    tx.put(kind, key, StateJson.write(initial));
  }

  /** Steps the machine and returns its new state, which is durable. */
  public S deliver(String key, E event) {
    return ledger.write(tx -> deliver(tx, key, event));
  }

  /** The same within the caller's transaction; hands act after its commit. */
  public S deliver(Transaction tx, String key, E event) {
    Stored before =
        tx.get(kind, key)
            .orElseThrow(() ->
                EsteiraException.notFound("no %s '%s' to receive %s".formatted(kind, key, event)));
    S state = StateJson.read(before.body(), types.state());
    Machine.Step<S, C> step = machine.step(state, event, clock.instant());
    if (!step.state().equals(state)) {
      tx.put(kind, key, StateJson.write(step.state()));
    }
    for (C command : step.commands()) {
      if (command instanceof Timer<?> timer) {
        E later = types.event().cast(timer.event());
        timers.set(tx, key, timer.timer(), timer.due(), StateJson.write(later));
      } else {
        outbox.add(tx, key, command);
      }
    }
    return step.state();
  }

  public Optional<S> state(String key) {
    return ledger.get(kind, key).map(stored -> StateJson.read(stored.body(), types.state()));
  }

  /** The states of the keys that start with {@code prefix}, by key. */
  public Map<String, S> states(String prefix) {
    Map<String, S> all = new TreeMap<>();
    ledger
        .list(kind, prefix)
        .forEach(each -> all.put(each.key(), StateJson.read(each.body(), types.state())));
    return all;
  }

  /** Deletes the machine, its timers and the commands that have not begun. */
  public void forget(String key) {
    ledger.write(tx -> {
      outbox.forget(tx, key);
      timers.forget(tx, key);
      return tx.delete(kind, key);
    });
  }

  /** Delivers what is due now, for tests that crank by hand; returns how many timers that were. */
  public int crank() {
    return timers.crank();
  }

  /** Waits until no command is open, for tests; false when the time has passed before. */
  public boolean awaitIdle(long waitMillis) throws InterruptedException {
    return outbox.awaitIdle(waitMillis);
  }

  /** Ends hands and timers; what is unfinished waits in the ledger for the next start. */
  @Override
  public void close() {
    timers.close();
    outbox.close();
  }

  private void fire(Transaction tx, String key, String event) {
    if (tx.get(kind, key).isPresent()) {
      deliver(tx, key, StateJson.read(event, types.event()));
    }
  }

  /** The name of an object that belongs to a machine: its key, a mark, and a name without one. */
  static String owned(String key, String name) {
    return key + "#" + name;
  }

  static String ownerOf(String owned) {
    return owned.substring(0, owned.lastIndexOf('#'));
  }

  /** The objects of exactly this machine. */
  static Stream<Stored> owned(Transaction tx, String kind, String key) {
    return tx.list(kind, key + "#").stream().filter(each -> ownerOf(each.key()).equals(key));
  }

  static String checkedName(String name) {
    if (name.contains("#")) {
      throw EsteiraException.invalid("the timer name '" + name + "' contains '#'");
    }
    return name;
  }
}
