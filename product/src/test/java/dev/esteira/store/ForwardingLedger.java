package dev.esteira.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A ledger that hands all to another, which stays open; for those that change one thing. */
public abstract class ForwardingLedger implements Ledger {
  private final Ledger inner;

  protected ForwardingLedger(Ledger inner) {
    this.inner = inner;
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    return inner.write(work);
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
