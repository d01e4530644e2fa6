package dev.esteira.cluster.control;

import java.util.List;
import java.util.Optional;

/** Brings the images that manifests name into the engine. Thread-safe; blocking. */
public interface ImageSource {
  /** When to ask the registry: {@code imagePullPolicy}. */
  enum Policy {
    ALWAYS,
    IF_NOT_PRESENT,
    NEVER
  }

  /** A user and password for a registry host, from an image pull secret. */
  record Credential(String host, String user, String password) {}

  /**
   * What a pod needs.
   *
   * @param image as the manifest writes it
   * @param digest the manifest digest that the pod is bound to, if any
   */
  record Wanted(
      String image, Policy policy, Optional<String> digest, List<Credential> credentials) {
    public Wanted {
      credentials = List.copyOf(credentials);
    }
  }

  /**
   * An image in the engine.
   *
   * @param id the engine's id, which containers are made from
   * @param digest the manifest's digest, or empty when no registry knows it
   * @param name how {@code imageID} shows it: {@code repository@digest}
   * @param pulled whether it had to be brought
   */
  record Present(String id, String digest, String name, boolean pulled) {}

  /** Why an image is not there, as a container's waiting reason and message. */
  final class Missing extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;
    private final boolean again;

    /** {@code again} is false when trying again cannot help. */
    public Missing(String reason, String message, boolean again) {
      super(message);
      this.reason = reason;
      this.again = again;
    }

    public String reason() {
      return reason;
    }

    public boolean again() {
      return again;
    }

    public String text() {
      String message = getMessage();
      return message == null ? reason : message;
    }
  }

  /** Brings it, if need be. */
  Present ensure(Wanted wanted) throws Missing;

  /** What the image's tag stands for now, when it is an image of this house and exists. */
  Optional<String> currentDigest(String image);

  /** The {@code repository:tag} of this house that an image name means; empty for others. */
  Optional<String> houseTag(String image);
}
