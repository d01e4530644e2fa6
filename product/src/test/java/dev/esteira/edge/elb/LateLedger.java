package dev.esteira.edge.elb;

import dev.esteira.store.Ledger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A ledger on whose changes others act before the one that made them hears that it did. */
record LateLedger(Ledger ledger, long lateMillis) implements Ledger {
  @Override
  public <T> T write(Function<Transaction, T> work) {
    T result = ledger.write(work);
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(lateMillis));
    return result;
  }

  @Override
  public Optional<Stored> get(String kind, String key) {
    return ledger.get(kind, key);
  }

  @Override
  public List<Stored> list(String kind, String prefix) {
    return ledger.list(kind, prefix);
  }

  @Override
  public Snapshot snapshot(String kind, String prefix) {
    return ledger.snapshot(kind, prefix);
  }

  @Override
  public List<Event> events(String stream, long after, int limit) {
    return ledger.events(stream, after, limit);
  }

  @Override
  public long revision() {
    return ledger.revision();
  }

  @Override
  public Watch watch(String kind, String prefix, long after) {
    return ledger.watch(kind, prefix, after);
  }

  @Override
  public void close() {
    ledger.close();
  }
}
