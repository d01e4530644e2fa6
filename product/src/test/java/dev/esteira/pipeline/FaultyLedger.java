package dev.esteira.pipeline;

import dev.esteira.store.ForwardingLedger;
import dev.esteira.store.Ledger;
import java.util.Random;
import java.util.function.Function;

/** A ledger whose writes are cut off at times: before they are durable, or just after. */
final class FaultyLedger extends ForwardingLedger {
  private final Random random;
  private final int oneIn;
  private final boolean[] on;

  /** The process was killed during a write. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  FaultyLedger(Ledger inner, Random random, int oneIn, boolean[] on) {
    super(inner);
    this.random = random;
    this.oneIn = oneIn;
    this.on = on;
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    int fate = on[0] ? random.nextInt(oneIn) : 2;
    if (fate == 0) {
      throw new Killed();
    }
    T result = super.write(work);
    if (fate == 1) {
      throw new Killed();
    }
    return result;
  }
}
