package dev.esteira.edge.elb;

import dev.esteira.store.ForwardingLedger;
import dev.esteira.store.Ledger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A ledger on whose changes others act before the one that made them hears that it did. */
final class LateLedger extends ForwardingLedger {
  private final long lateMillis;

  LateLedger(Ledger inner, long lateMillis) {
    super(inner);
    this.lateMillis = lateMillis;
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    T result = super.write(work);
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(lateMillis));
    return result;
  }
}
