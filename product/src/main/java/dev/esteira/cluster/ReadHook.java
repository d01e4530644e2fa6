package dev.esteira.cluster;

import dev.esteira.access.Access;

/** Told before a request that reads or writes one Deployment is answered. */
@FunctionalInterface
public interface ReadHook {
  /**
   * What it records is visible in the answer. Blocks the request, so it is quick; a failure fails
   * the request. The Deployment need not exist.
   */
  void beforeDeployment(Access.Principal principal, String namespace, String name);

  /** Does nothing. */
  static ReadHook none() {
    return (principal, namespace, name) -> {};
  }
}
