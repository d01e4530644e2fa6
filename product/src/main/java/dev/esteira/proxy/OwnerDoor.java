package dev.esteira.proxy;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Docker Engine API as one owner sees it. Takes the version off the path, finds the call, and
 * says every failure as the Engine API does. What is not in the routes does not exist here.
 */
final class OwnerDoor implements Handler {
  private static final Logger LOG = Logger.getLogger(OwnerDoor.class.getName());
  private static final Pattern VERSIONED = Pattern.compile("/v([0-9]+)\\.([0-9]+)(/.*)");
  private static final Pattern SWARM =
      Pattern.compile("/(swarm|nodes|services|tasks|secrets|configs|plugins)(/.*)?");

  private final Scope scope;
  private final String apiVersion;
  private final Routes routes = new Routes();
  private final ContainerCalls containerCalls;
  private final BindStage stage;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private volatile boolean used;

  OwnerDoor(Scope scope, ContainerRules rules, Optional<OverlayLayers> overlay, String apiVersion) {
    this.scope = scope;
    this.apiVersion = apiVersion;
    OwnedContainers containers = new OwnedContainers(scope);
    OwnedImages images = new OwnedImages(scope);
    ImagePull pull = new ImagePull(scope, images);
    Path binds = scope.privateDirectory().resolve("binds");
    this.stage = new BindStage(scope.owner(), binds);
    OwnerSandbox sandbox = new OwnerSandbox(scope, containers, images, stage);
    ContainerPolicy policy = new ContainerPolicy(sandbox, rules);
    this.containerCalls = new ContainerCalls(scope, containers, policy, stage);
    RegistryLogin login = new RegistryLogin(scope.access(), scope.owner().owner());
    new SystemCalls(scope, containers, images, login).addTo(routes);
    containerCalls.addTo(routes);
    new ExecCalls(scope, containers).addTo(routes);
    new ArchiveCalls(scope, containers, images, pull).addTo(routes);
    new ImageCalls(scope, images).addTo(routes);
    new NetworkCalls(scope, containers, policy).addTo(routes);
    new VolumeCalls(scope).addTo(routes);
    routes.add("GET", "/events", new EventCalls(scope, containers)::events);
    PushCalls push = new PushCalls(scope, images, login, overlay);
    BuildCalls build = new BuildCalls(scope, images, pull, rules);
    routes.add("POST", "/images/{name*}/push", push::push).add("POST", "/build", build::build);
  }

  Scope scope() {
    return scope;
  }

  /** Whether the owner may have made anything here. */
  boolean used() {
    return used;
  }

  /** An earlier process may have served it. */
  void wasUsed() {
    used = true;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    exchange
        .set("Api-Version", apiVersion)
        .set("Docker-Experimental", "false")
        .set("Ostype", "linux")
        .set("Server", "Docker/Esteira (linux)");
    running.add(Thread.currentThread());
    try {
      dispatch(exchange);
    } catch (EngineError e) {
      fail(exchange, e);
    } catch (EsteiraException e) {
      fail(exchange, EngineError.of(e));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.FINE, e, () -> exchange.method() + " " + exchange.path() + " failed");
      fail(exchange, new EngineError(500, Relay.message(e)));
    } finally {
      running.remove(Thread.currentThread());
    }
  }

  /**
   * Ends the calls that are under way: an interrupt closes their connection to the engine, and the
   * engine ends a build whose connection is gone.
   */
  void endCalls() {
    for (Thread thread : running) {
      thread.interrupt();
    }
  }

  private void dispatch(Exchange exchange) throws Exception {
    String path = exchange.path();
    Matcher versioned = VERSIONED.matcher(path);
    if (versioned.matches()) {
      path = versioned.group(3);
      checkVersion(Integer.parseInt(versioned.group(1)), Integer.parseInt(versioned.group(2)));
    }
    Optional<Routes.Match> match = routes.find(exchange.method(), path);
    if (match.isPresent()) {
      if (!path.equals("/_ping")) {
        used = true;
      }
      match.get().action().run(new Call(exchange, match.get().parts()));
    } else if (SWARM.matcher(path).matches()) {
      throw new EngineError(503, "swarm and plugins are not supported here");
    } else {
      throw EngineError.notFound(
          exchange.method() + " " + path + " is not supported by this Docker API");
    }
  }

  private void checkVersion(int major, int minor) {
    String[] own = apiVersion.split("\\.");
    if (major != Integer.parseInt(own[0]) || minor > Integer.parseInt(own[1])) {
      throw EngineError.invalid(
          "client version "
              + major
              + "."
              + minor
              + " is too new. Maximum supported API version is "
              + apiVersion);
    }
  }

  /** After the answer has begun, only an end without an ending tells the client of a failure. */
  private void fail(Exchange exchange, EngineError error) throws IOException {
    if (exchange.committed()) {
      throw new IOException("ended in the middle of an answer: " + error.text(), error);
    } else {
      exchange.json(
          error.status(), Json.object().put("message", scope.names().outward(error.text())));
    }
  }

  /** Removes all that the owner made. */
  void removeAll() throws IOException {
    endCalls();
    new Cleanup(scope, containerCalls).run();
    stage.close();
  }
}
