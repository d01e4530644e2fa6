package dev.esteira.store;

class TestingLedgerTest extends LedgerContract {
  @Override
  Ledger open() {
    return new TestingLedger(500);
  }
}
