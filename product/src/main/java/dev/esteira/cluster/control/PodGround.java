package dev.esteira.cluster.control;

import dev.esteira.engine.Engine;
import dev.esteira.engine.EngineHost;
import dev.esteira.net.Networks;
import org.jspecify.annotations.Nullable;

/** What all pods of a home stand on: the network that they join, the holder's image, a runtime. */
final class PodGround {
  private final Engine engine;
  private final Networks networks;
  private @Nullable String network;
  private @Nullable String image;
  private @Nullable Boolean named;

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

  /** Whether containers can have a host name other than that of the holder that they join. */
  synchronized boolean namesHosts() {
    Boolean known = named;
    if (known == null) {
      known = engine.info().path("Runtimes").has(EngineHost.POD_RUNTIME);
      named = known;
    }
    return known;
  }

  /** Something is not there any more: look again. */
  synchronized void forget() {
    network = null;
    image = null;
    named = null;
  }
}
