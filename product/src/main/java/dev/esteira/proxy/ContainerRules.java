package dev.esteira.proxy;

import java.util.Optional;

/**
 * What every container of an owner gets.
 *
 * @param owner the label that says whose it is
 * @param network the engine network that stands for Docker's default bridge
 * @param dns its name server; empty leaves the engine's
 * @param memoryBytesMax the most memory one container may have
 * @param pidsMax the most processes one container may have
 */
record ContainerRules(
    String owner,
    String network,
    String dns,
    Optional<String> cgroupParent,
    long memoryBytesMax,
    long pidsMax) {
  /** Whether the owner's containers share the owner's own network. */
  boolean sharesNetwork() {
    return SharedNetwork.is(network);
  }
}
