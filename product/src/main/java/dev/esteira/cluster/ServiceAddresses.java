package dev.esteira.cluster;

import java.util.Optional;

/** Where Services get their ClusterIPs from. Durable and thread-safe. */
public interface ServiceAddresses {
  /**
   * A free address for the holder, or the one it has already.
   *
   * @param holder {@code service/UID}
   * @param wanted this address and no other; a taken or foreign one is {@code CONFLICT} or {@code
   *     INVALID}
   */
  String take(String holder, Optional<String> wanted);

  /** Gives the holder's address back, if it has one. */
  void release(String holder);
}
