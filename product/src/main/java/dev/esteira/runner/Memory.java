package dev.esteira.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine's memory (proc(5), {@code /proc/meminfo}). */
final class Memory {
  /** With less than this, nothing is made ahead of time. */
  static final long FREE_BYTES_MIN = 1L << 30;

  private static final Path FILE = Path.of("/proc/meminfo");

  private Memory() {}

  /** What new programs can have without swapping. */
  static long availableBytes() {
    try {
      return Files.readAllLines(FILE).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + FILE, e);
    }
  }
}
