package dev.esteira.fleet;

import java.util.Map;

/**
 * The disk that an instance boots from, as it was asked for. Kept and told: a machine here has as
 * much room, and as fast, as the host has.
 *
 * @param gib its size
 * @param kind such as {@code gp3}
 * @param throughput MiB in a second; 0 where the kind has none
 */
public record RootDisk(
    int gib, String kind, boolean encrypted, int iops, int throughput, Map<String, String> tags) {
  public static final RootDisk USUAL = new RootDisk(8, "gp2", false, 100, 0, Map.of());

  public RootDisk {
    tags = Map.copyOf(tags);
  }

  public RootDisk withTags(Map<String, String> next) {
    return new RootDisk(gib, kind, encrypted, iops, throughput, next);
  }
}
