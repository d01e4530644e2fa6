package dev.esteira.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger.Stored;
import dev.esteira.store.Ledger.Watch;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class LedgerCrashTest {
  private static final int KILLS = 5;
  private static final int ACKNOWLEDGED_BEFORE_KILL = 400;

  @TempDir private Path directory;

  @Test
  void whatWasAcknowledgedBeforeKillNineIsThereAndWhole() throws IOException {
    Map<String, Long> acknowledged = new HashMap<>();
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(acknowledged);
      try (Ledger ledger = SqliteLedger.open(directory)) {
        long sum = 0;
        for (Stored stored : ledger.list("number", "")) {
          long number = Long.parseLong(stored.body());
          assertTrue(number >= acknowledged.getOrDefault(stored.key(), 0L), stored.toString());
          sum += number;
        }
        assertTrue(sum >= acknowledged.values().stream().mapToLong(Long::longValue).sum());
        // Each transaction made one event and one revision: none is there by half.
        assertEquals(sum, ledger.events("events", 0, Integer.MAX_VALUE).size());
        assertEquals(sum, ledger.revision());
      }
    }
  }

  private void runAndKill(Map<String, Long> acknowledged) throws IOException {
    Process process = start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int count = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split(" ");
        if (parts.length == 2) {
          acknowledged.merge(parts[0], Long.parseLong(parts[1]), Math::max);
        }
        if (++count == ACKNOWLEDGED_BEFORE_KILL) {
          refuseSecondOpening();
          // By its handle, because that of the process would throw away what it had printed.
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.onExit().join();
  }

  private void refuseSecondOpening() {
    EsteiraException refused =
        assertThrows(EsteiraException.class, () -> SqliteLedger.open(directory));
    assertEquals(ErrorCode.CONFLICT, refused.code());
    assertTrue(refused.text().contains("pid "), refused.text());
  }

  /** The class path of the runner may be hidden in a manifest, so it is put together here. */
  private Process start() throws IOException {
    String classPath =
        Stream.of(
                CrashWriter.class,
                SqliteLedger.class,
                org.sqlite.JDBC.class,
                org.slf4j.Logger.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classPath,
            CrashWriter.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void aFullDiskFailsTheTransactionWholeAndLaterOnesWork() throws Exception {
    Commands.check(List.of("mount", "-t", "tmpfs", "-o", "size=3m", "none", "" + directory));
    try {
      String body = "x".repeat(50_000);
      int written = 0;
      try (Ledger ledger = SqliteLedger.open(directory)) {
        EsteiraException failure = null;
        while (failure == null) {
          try {
            put(ledger, written, body);
            written++;
          } catch (EsteiraException e) {
            failure = e;
          }
        }
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.text().contains("the disk is full"), failure.text());
        assertEquals(written, ledger.list("big", "").size());
        assertEquals(written, ledger.revision());
        Commands.check(List.of("mount", "-o", "remount,size=40m", "" + directory));
        try (Watch watch = ledger.watch("big", "", written)) {
          put(ledger, written, body);
          written++;
          assertEquals(written, watch.next(0).orElseThrow().revision());
        }
      }
      try (Ledger ledger = SqliteLedger.open(directory)) {
        assertEquals(written, ledger.list("big", "").size());
        assertEquals(written, ledger.events("big", 0, 1_000).size());
      }
    } finally {
      Commands.check(List.of("umount", "" + directory));
    }
  }

  private static void put(Ledger ledger, int number, String body) {
    ledger.write(tx -> {
      tx.put("big", "k" + number, body);
      return tx.append("big", "" + number);
    });
  }
}
