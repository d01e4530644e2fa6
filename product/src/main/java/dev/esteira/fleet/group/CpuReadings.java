package dev.esteira.fleet.group;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * How busy instances are, from the kernel's accounts of their control groups (both hierarchies).
 * Each question is a reading; the answer is about the last minute. Thread-safe.
 */
public final class CpuReadings implements Groups.CpuMeter {
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final Duration SHORTEST = Duration.ofSeconds(5);
  private static final int INSTANCES_MAX = 1_000;

  private record Reading(Instant at, long nanos) {}

  private final Path controlGroups;
  private final String parent;
  private final Function<String, Integer> processors;
  private final InstantSource clock;
  private final Map<String, Deque<Reading>> readings = new ConcurrentHashMap<>();

  /**
   * @param controlGroups where the hierarchies are mounted: {@code /sys/fs/cgroup}
   * @param parent the control group in which those of the instances are
   * @param processors how many an instance has
   */
  public CpuReadings(
      Path controlGroups,
      String parent,
      Function<String, Integer> processors,
      InstantSource clock) {
    this.controlGroups = controlGroups;
    this.parent = parent.startsWith("/") ? parent.substring(1) : parent;
    this.processors = processors;
    this.clock = clock;
  }

  @Override
  public OptionalDouble percent(String instanceId) {
    OptionalLong used = nanos(instanceId);
    if (used.isEmpty()) {
      readings.remove(instanceId);
      return OptionalDouble.empty();
    }
    if (readings.size() > INSTANCES_MAX) {
      readings.clear();
    }
    Reading now = new Reading(clock.instant(), used.getAsLong());
    Deque<Reading> kept = readings.computeIfAbsent(instanceId, _ -> new ArrayDeque<>());
    synchronized (kept) {
      kept.add(now);
      while (kept.size() > 2 && kept.peek().at().isBefore(now.at().minus(WINDOW))) {
        kept.remove();
      }
      Reading first = kept.element();
      Duration passed = Duration.between(first.at(), now.at());
      if (passed.compareTo(SHORTEST) < 0 || now.nanos() < first.nanos()) {
        return OptionalDouble.empty();
      }
      double whole = (double) passed.toNanos() * Math.max(1, processors.apply(instanceId));
      return OptionalDouble.of(100.0 * (now.nanos() - first.nanos()) / whole);
    }
  }

  /** Processor time that all of the instance's processes have used. */
  private OptionalLong nanos(String instanceId) {
    Path first = controlGroups.resolve("cpuacct").resolve(parent).resolve(instanceId);
    Path unified = controlGroups.resolve(parent).resolve(instanceId);
    try {
      if (Files.exists(first)) {
        return OptionalLong.of(
            Long.parseLong(Files.readString(first.resolve("cpuacct.usage")).strip()));
      }
      if (Files.exists(unified)) {
        return Files.readString(unified.resolve("cpu.stat"))
            .lines()
            .filter(line -> line.startsWith("usage_usec "))
            .mapToLong(line -> Long.parseLong(line.substring("usage_usec ".length())) * 1_000)
            .findFirst();
      }
      return OptionalLong.empty();
    } catch (IOException e) {
      // It went away in between.
      return OptionalLong.empty();
    }
  }
}
