package dev.esteira.fleet;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A machine image (AMI).
 *
 * @param state {@code pending}, {@code available}, {@code failed}
 * @param source the instance that it was made from; empty for the one that Esteira ships
 */
public record MachineImage(
    String id,
    String name,
    String description,
    String state,
    Optional<String> source,
    Instant createdAt,
    Map<String, String> tags,
    String failure) {
  public MachineImage {
    tags = Map.copyOf(tags);
  }

  /** Made by Esteira, and nobody's to deregister. */
  public boolean shipped() {
    return id.equals(MachineImages.SHIPPED_ID);
  }

  MachineImage in(String next, String why) {
    return new MachineImage(id, name, description, next, source, createdAt, tags, why);
  }

  MachineImage tagged(Map<String, String> now) {
    return new MachineImage(id, name, description, state, source, createdAt, now, failure);
  }
}
