package dev.esteira.pipeline;

import dev.esteira.store.Ledger;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** A ledger whose writes are cut off at times: before they are durable, or just after. */
record FaultyLedger(Ledger inner, Random random, int oneIn, boolean[] on) implements Ledger {
  /** The process was killed during a write. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    int fate = on[0] ? random.nextInt(oneIn) : 2;
    if (fate == 0) {
      throw new Killed();
    }
    T result = inner.write(work);
    if (fate == 1) {
      throw new Killed();
    }
    return result;
  }

  @Override
  public Optional<Stored> get(String kind, String key) {
    return inner.get(kind, key);
  }

  @Override
  public List<Stored> list(String kind, String prefix) {
    return inner.list(kind, prefix);
  }

  @Override
  public Snapshot snapshot(String kind, String prefix) {
    return inner.snapshot(kind, prefix);
  }

  @Override
  public List<Event> events(String stream, long after, int limit) {
    return inner.events(stream, after, limit);
  }

  @Override
  public long revision() {
    return inner.revision();
  }

  @Override
  public Watch watch(String kind, String prefix, long after) {
    return inner.watch(kind, prefix, after);
  }

  @Override
  public void close() {}
}
