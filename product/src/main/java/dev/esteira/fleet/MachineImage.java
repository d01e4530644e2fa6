package dev.esteira.fleet;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A machine image (AMI).
 *
 * @param state {@code pending}, {@code available}, {@code failed}
 * @param source the instance that it was made from; empty for those that Esteira ships
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

  /** Not made in this home, and nobody's to deregister. */
  public boolean shipped() {
    return source.isEmpty();
  }

  /** Boots a machine made of Debian's packages in place of one that somebody else publishes. */
  public boolean standsIn() {
    return shipped() && !id.equals(MachineImages.SHIPPED_ID);
  }

  /** The account that publishes it; empty when it was made in this home. */
  public Optional<String> publisher() {
    return shipped()
        ? PublicImages.owner(id).or(() -> Optional.of(PublicImages.AMAZON))
        : Optional.empty();
  }

  MachineImage in(String next, String why) {
    return new MachineImage(id, name, description, next, source, createdAt, tags, why);
  }

  MachineImage tagged(Map<String, String> now) {
    return new MachineImage(id, name, description, state, source, createdAt, now, failure);
  }
}
