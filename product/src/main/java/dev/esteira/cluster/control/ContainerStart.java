package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.control.PodEnvironment.Incomplete;
import dev.esteira.engine.EngineHost;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes and starts the containers of one pod. */
final class ContainerStart {
  private static final Logger LOG = Logger.getLogger(ContainerStart.class.getName());
  private static final String NEVER_STARTED = "0001-01-01T00:00:00Z";

  private final PodContext context;
  private final PodActor actor;
  private final PodNames names;
  private final HostFiles host;
  private final WantedImages images;
  private final boolean resumed;

  ContainerStart(PodContext context, PodActor actor, PodNames names, boolean resumed) {
    this.context = context;
    this.actor = actor;
    this.names = names;
    this.host = new HostFiles(context, actor, names);
    this.images = new WantedImages(context.objects(), names.namespace());
    this.resumed = resumed;
  }

  /** A container made before its time, with the settings that it was made with. */
  private record Ready(String id, ObjectNode config) {}

  private final Map<String, Ready> standing = new ConcurrentHashMap<>();

  /** Taken by whoever makes a container of this pod. */
  private final ReentrantLock turn = new ReentrantLock();

  /** Makes what will surely be run first in a pod whose holder has this id. Failures wait. */
  void ahead(String sandboxId) {
    PodState state = actor.state();
    boolean knowsAddress = actor.pod().path("spec").toString().contains("status.podIP");
    if (!state.inits().isEmpty() || knowsAddress) {
      return;
    }
    for (PodState.Container c : state.mains()) {
      if (!c.imageId().isEmpty()) {
        prepare(new PodCommand.Run(c.name(), 0, c.imageId(), sandboxId));
      }
    }
  }

  /** Makes the container of the next attempt, so that it need only be started. */
  void standBy(String container, int attempt) {
    PodState state = actor.state();
    Optional<String> image = state.container(container).map(PodState.Container::imageId);
    if (image.isPresent() && state.sandbox() instanceof PodState.Sandbox.Up up) {
      prepare(new PodCommand.Run(container, attempt, image.get(), up.id()));
    }
  }

  private void prepare(PodCommand.Run c) {
    String name = names.container(c.container(), c.attempt());
    try {
      ObjectNode config = config(PodSpecs.spec(actor.pod(), c.container()), c);
      turn.lock();
      try {
        if (!standing.containsKey(name) && context.engine().inspectContainer(name).isEmpty()) {
          String id = context.engine().createContainer(name, config);
          standing.put(name, new Ready(id, config));
        }
      } finally {
        turn.unlock();
      }
    } catch (Incomplete | EsteiraException | ApiException | UncheckedIOException e) {
      LOG.log(Level.FINE, "could not make " + name + " ahead of time", e);
    }
  }

  /** Starts a container that stands by; without one, nothing: the Run that follows does it all. */
  void startAhead(PodCommand.Run c) {
    String name = names.container(c.container(), c.attempt());
    Ready ready = standing.get(name);
    try {
      if (ready != null
          && ready.config().equals(config(PodSpecs.spec(actor.pod(), c.container()), c))) {
        context.engine().startContainer(ready.id());
      }
    } catch (Incomplete | EsteiraException | ApiException | UncheckedIOException e) {
      LOG.log(Level.FINE, "could not start " + name + " ahead of time", e);
    }
  }

  /** Starts it, or finds it started; the event says what came of it. */
  PodEvent start(PodCommand.Run c) {
    JsonNode container = PodSpecs.spec(actor.pod(), c.container());
    String name = names.container(c.container(), c.attempt());
    String step = "CreateContainerError";
    try {
      ObjectNode config = config(container, c);
      String id = create(name, config, container, c);
      step = "RunContainerError";
      if (!resumed || !ranBefore(id)) {
        context.engine().startContainer(id);
      }
      clearOlder(c);
      return new PodEvent.Started(c.container(), c.attempt(), id, context.clock().instant());
    } catch (Incomplete e) {
      return failed(c, "CreateContainerConfigError", e.text(), true);
    } catch (ImageSource.Missing e) {
      return failed(c, "CreateContainerError", e.text(), true);
    } catch (EsteiraException e) {
      if (!holderRuns(c.sandboxId())) {
        return networkLost(c, name);
      }
      return failed(c, step, e.text(), e.code() == ErrorCode.UNAVAILABLE);
    } catch (ApiException e) {
      return failed(c, "CreateContainerConfigError", e.text(), true);
    } catch (UncheckedIOException e) {
      return failed(c, step, String.valueOf(e.getMessage()), true);
    }
  }

  /** The holder died at the same time: the pod gets a new one, and this container joins that. */
  private PodEvent networkLost(PodCommand.Run c, String name) {
    context.engine().removeContainer(name);
    return actor.state().sandbox() instanceof PodState.Sandbox.Up up
            && up.id().equals(c.sandboxId())
        ? new PodEvent.SandboxGone(up.attempt())
        : new PodEvent.Tick();
  }

  boolean holderRuns(String id) {
    try {
      return context
          .engine()
          .inspectContainer(id)
          .filter(i -> i.path("State").path("Running").asBoolean(false))
          .isPresent();
    } catch (EsteiraException e) {
      return true;
    }
  }

  private static PodEvent failed(PodCommand.Run c, String reason, String message, boolean again) {
    return new PodEvent.StartFailed(c.container(), c.attempt(), reason, message, again);
  }

  /** Waits for the one that is made ahead of time, if it is being made just now. */
  private String create(String name, ObjectNode config, JsonNode container, PodCommand.Run c)
      throws ImageSource.Missing {
    turn.lock();
    try {
      return madeOrFound(name, config, container, c);
    } finally {
      turn.unlock();
    }
  }

  private String madeOrFound(String name, ObjectNode config, JsonNode container, PodCommand.Run c)
      throws ImageSource.Missing {
    Ready ready = standing.remove(name);
    if (ready != null && ready.config().equals(config)) {
      return ready.id();
    }
    if (ready != null) {
      context.engine().removeContainer(name);
    } else if (resumed) {
      removeStale(name, c.sandboxId());
    }
    try {
      return context.engine().createContainer(name, config);
    } catch (EsteiraException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      // The image was removed from the engine since this pod began.
      config.put("Image", context.images().ensure(wanted(container)).id());
      return context.engine().createContainer(name, config);
    }
  }

  /** One that joined another holder, or stood by with settings that nobody knows any more. */
  private void removeStale(String name, String sandboxId) {
    context
        .engine()
        .inspectContainer(name)
        .filter(i ->
            !i.path("Config").path("Labels").path(PodNames.SANDBOX).asText("").equals(sandboxId)
                || i.path("State").path("Status").asText("").equals("created"))
        .ifPresent(_ -> context.engine().removeContainer(name));
  }

  private boolean ranBefore(String id) {
    return context
        .engine()
        .inspectContainer(id)
        .map(i -> i.path("State").path("StartedAt").asText(NEVER_STARTED))
        .filter(at -> !at.equals(NEVER_STARTED))
        .isPresent();
  }

  /** The container before this one stays for its log; older ones go. */
  private void clearOlder(PodCommand.Run c) {
    if (c.attempt() > 0) {
      Thread.ofVirtual()
          .start(() -> {
            context.engine().stopContainer(names.container(c.container(), c.attempt() - 1), 0);
            if (c.attempt() > 1) {
              context.engine().removeContainer(names.container(c.container(), c.attempt() - 2));
            }
          });
    }
  }

  boolean resumed() {
    return resumed;
  }

  /** A holder that waits for a pod, if this pod's containers can have their own name in it. */
  Optional<HolderPool.Spare> spareHolder() {
    return !host.ownName() && host.named() ? context.holders().take() : Optional.empty();
  }

  /** What the container's image is to be, with the digest that the pod is bound to. */
  ImageSource.Wanted wanted(JsonNode container) {
    return images.of(actor.pod(), container);
  }

  /** What programs of the pod see as the name of their machine. */
  String hostName() {
    return host.name();
  }

  private ObjectNode config(JsonNode container, PodCommand.Run c) throws Incomplete {
    JsonNode pod = actor.pod();
    String house = context.networks().houseAddress();
    PodEnvironment environment =
        new PodEnvironment(context.objects(), pod, actor.state().address(), house);
    Path root = context.home().pod(names.uid());
    Map<String, String> variables = environment.of(container);
    List<String> binds = new ArrayList<>(new PodVolumes(root, pod, environment).binds(container));
    if (host.named()) {
      variables.putIfAbsent("HOSTNAME", host.name());
    }
    host.addTo(root, binds);
    ObjectNode config =
        ContainerConfig.of(
            pod,
            container,
            c.imageId(),
            c.sandboxId(),
            variables,
            binds,
            names.labels(Optional.of(c.container()), c.attempt()));
    if (host.named()) {
      Tree.object(config, "HostConfig").put("Runtime", EngineHost.POD_RUNTIME);
    }
    return config;
  }
}
