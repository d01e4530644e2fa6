package dev.esteira.store;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process to be killed: writes to the ledger in its first argument with several writers, and
 * prints {@code WRITER NUMBER} once a transaction is acknowledged.
 */
final class CrashWriter {
  static final int WRITERS = 8;

  private CrashWriter() {}

  public static void main(String[] args) {
    Ledger ledger = SqliteLedger.open(Path.of(args[0]));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < WRITERS; writer++) {
        String key = "w" + writer;
        threads.execute(() -> writeForever(ledger, key));
      }
    }
  }

  private static void writeForever(Ledger ledger, String key) {
    while (true) {
      long number =
          ledger.write(tx -> {
            long next = tx.next(key);
            tx.put("number", key, Long.toString(next));
            tx.append("events", key + " " + next);
            return next;
          });
      System.out.println(key + " " + number);
    }
  }
}
