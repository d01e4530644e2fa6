package dev.esteira.store;

import dev.esteira.base.Json;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures durable transitions of a machine: alone (the time of one) and by many at once (the rate,
 * by group commit). Arguments: a directory, the number of transitions, the number of writers. One
 * line of JSON.
 */
final class LedgerBench {
  private LedgerBench() {}

  public static void main(String[] args) {
    int transitions = Integer.parseInt(args[1]);
    int writers = Integer.parseInt(args[2]);
    try (Ledger ledger = SqliteLedger.open(Path.of(args[0]))) {
      MachineHost<Integer, Integer, String> host =
          new MachineHost<>(
              ledger,
              "bench",
              (state, event, now) -> new Machine.Step<>(state + event, List.of()),
              new MachineHost.Types<>(Integer.class, Integer.class, String.class),
              InstantSource.system());
      for (int i = 0; i < writers; i++) {
        host.create("k" + i, 0);
      }
      run(host, writers, transitions / 4);
      double perSecond = run(host, writers, transitions);
      long[] alone = alone(host, Math.min(2_000, transitions / 10));
      System.out.println(
          Json.write(
              Map.of(
                  "transitionsPerSecond",
                  Math.round(perSecond),
                  "writers",
                  writers,
                  "aloneMicrosP50",
                  alone[alone.length / 2] / 1_000,
                  "aloneMicrosP99",
                  alone[alone.length * 99 / 100] / 1_000)));
    }
  }

  private static double run(
      MachineHost<Integer, Integer, String> host, int writers, int transitions) {
    long start = System.nanoTime();
    AtomicInteger left = new AtomicInteger(transitions);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < writers; i++) {
        String key = "k" + i;
        threads.execute(() -> {
          while (left.getAndDecrement() > 0) {
            host.deliver(key, 1);
          }
        });
      }
    }
    return transitions / ((System.nanoTime() - start) / 1e9);
  }

  private static long[] alone(MachineHost<Integer, Integer, String> host, int transitions) {
    long[] nanos = new long[transitions];
    for (int i = 0; i < transitions; i++) {
      long start = System.nanoTime();
      host.deliver("k0", 1);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
