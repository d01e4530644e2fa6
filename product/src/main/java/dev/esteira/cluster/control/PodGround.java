package dev.esteira.cluster.control;

import dev.esteira.engine.Engine;
import dev.esteira.net.Networks;
import org.jspecify.annotations.Nullable;

/** What all pods of a home stand on: the network that they join and the holder's image. */
final class PodGround {
  private final Engine engine;
  private final Networks networks;
  private @Nullable String network;
  private @Nullable String image;

  PodGround(Engine engine, Networks networks) {
    this.engine = engine;
    this.networks = networks;
  }

  /** The engine's network of the pods, made at first use. */
  synchronized String network() {
    String known = network;
    if (known == null) {
      known = networks.bridge("pods", true).network();
      network = known;
    }
    return known;
  }

  synchronized String image() {
    String known = image;
    if (known == null) {
      known = Holder.image(engine);
      image = known;
    }
    return known;
  }

  /** Something is not there any more: look again. */
  synchronized void forget() {
    network = null;
    image = null;
  }
}
