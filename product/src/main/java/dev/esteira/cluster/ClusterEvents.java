package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;

/**
 * Records {@code v1} Events about objects, as {@code kubectl describe} shows them. The same event
 * about the same object again raises its count instead of making another; each namespace keeps a
 * bounded number, the oldest go first. Thread-safe.
 */
public interface ClusterEvents {
  /** Events kept among the objects. */
  static ClusterEvents over(Objects objects, InstantSource clock) {
    return new LedgerEvents(objects, clock);
  }

  /** Events are news, or tell of trouble. */
  enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String wire;

    Type(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }
  }

  /**
   * Never fails because of what is recorded: an object whose namespace is gone is ignored.
   *
   * @param about the object that it is about, with apiVersion, kind and metadata
   * @param reason one CamelCase word: {@code Pulled}, {@code BackOff}
   * @param component who says so: {@code kubelet}, {@code deployment-controller}
   */
  void record(Type type, ObjectNode about, String component, String reason, String message);

  /** The same about a part of the object: {@code spec.containers{web}}. */
  void record(
      Type type,
      ObjectNode about,
      String fieldPath,
      String component,
      String reason,
      String message);
}
