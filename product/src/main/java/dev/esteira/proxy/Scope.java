package dev.esteira.proxy;

import dev.esteira.access.Access;
import dev.esteira.engine.Engine;
import dev.esteira.engine.ImageName;
import dev.esteira.names.RealNames;
import dev.esteira.registry.Registry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * All that the calls of one owner's door share.
 *
 * @param owner who it is
 * @param key the random part of the owner's names
 * @param names the owner's names and the engine's
 * @param engine the engine behind the door
 * @param house host:port of our own registry
 * @param loading held while an image goes into the engine under names that all owners share
 * @param published hears the ports that the owner's containers publish
 * @param substitutes what does for images that cannot be had
 * @param privateDirectory spooled contexts and staged binds; no sandbox ever sees it
 */
record Scope(
    EngineProxy.Owner owner,
    String key,
    NameTranslation names,
    EngineCalls engine,
    Registry registry,
    Access access,
    Notes notes,
    String house,
    ReentrantLock loading,
    Path privateDirectory,
    Substitutes substitutes,
    Consumer<List<Integer>> published) {

  /** The repository of our registry that this name means, if it is one of ours. */
  Optional<String> ourRepository(ImageName name) {
    if (name.host().equals(ImageName.DOCKER_HUB)) {
      return Optional.empty();
    }
    return RealNames.repository(loopbackAsHouse(name.host()), name.path(), house);
  }

  /** Whether logins at this host are judged by our own tokens. */
  boolean isOurHost(String host) {
    return !host.equals(ImageName.DOCKER_HUB)
        && RealNames.repository(loopbackAsHouse(host), "any", house).isPresent();
  }

  /** The registry also answers on the host's loopback, under the same port. */
  private String loopbackAsHouse(String host) {
    String port = house.substring(house.lastIndexOf(':') + 1);
    return host.equals("localhost:" + port) || host.equals("127.0.0.1:" + port) ? house : host;
  }

  /** The raw engine, for take-overs and streams. */
  Engine raw() {
    return engine.engine();
  }
}
