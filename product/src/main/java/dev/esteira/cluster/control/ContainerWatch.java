package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Exit;
import dev.esteira.cluster.control.PodState.Status;
import java.time.Instant;
import java.util.Optional;

/** Looks after one running container: probes it, and tells how it ended. */
final class ContainerWatch implements AutoCloseable {
  private final PodContext context;
  private final PodActor actor;
  private final PodCommand.Watch watch;
  private final Prober prober;
  private final boolean probes;

  ContainerWatch(PodContext context, PodActor actor, JsonNode container, PodCommand.Watch watch) {
    this.context = context;
    this.actor = actor;
    this.watch = watch;
    ProbeCheck check = new ProbeCheck(context.engine(), container, actor.state().address());
    this.prober = new Prober(container, check, watch.id(), new Telling(), context.clock());
    this.probes =
        actor
            .state()
            .container(watch.container())
            .filter(c -> !c.init() && c.status() instanceof Status.Running)
            .isPresent();
  }

  /** Waits for the container's end. Empty when the watch was closed. */
  Optional<PodEvent> await() throws InterruptedException {
    Optional<Container> container = actor.state().container(watch.container());
    if (probes && container.isPresent() && container.get().status() instanceof Status.Running r) {
      prober.start(r.started(), r.ready());
    }
    Exit exit;
    watchProcess();
    try {
      var _ = context.engine().waitContainer(watch.id());
      exit = exit();
    } catch (EsteiraException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      exit = vanished();
    }
    prober.close();
    return Optional.of(new PodEvent.Exited(watch.container(), watch.attempt(), exit));
  }

  /** The kernel tells of a death before the engine does: time to spare its requests. */
  private void watchProcess() {
    long pid =
        context
            .engine()
            .inspectContainer(watch.id())
            .filter(i -> i.path("State").path("Running").asBoolean(false))
            .map(i -> i.path("State").path("Pid").asLong(0))
            .orElse(0L);
    if (pid > 0) {
      context.ends().watch(pid, () -> actor.processEnded(watch));
    }
  }

  private Exit exit() {
    Optional<JsonNode> found = context.engine().inspectContainer(watch.id());
    if (found.isEmpty()) {
      return vanished();
    }
    JsonNode state = found.get().path("State");
    int code = state.path("ExitCode").asInt();
    String reason = code == 0 ? "Completed" : "Error";
    if (state.path("OOMKilled").asBoolean(false)) {
      reason = "OOMKilled";
    }
    Instant now = context.clock().instant();
    return new Exit(
        watch.id(),
        code,
        reason,
        state.path("Error").asText(""),
        Tree.time(state.path("StartedAt")).orElse(now),
        Tree.time(state.path("FinishedAt")).orElse(now));
  }

  private Exit vanished() {
    Instant now = context.clock().instant();
    return new Exit(
        watch.id(),
        137,
        "ContainerStatusUnknown",
        "The container could not be located when the pod was terminated",
        now,
        now);
  }

  void stopProbing() {
    prober.close();
  }

  @Override
  public void close() {
    prober.close();
  }

  private final class Telling implements Prober.Findings {
    @Override
    public void startupPassed() {
      actor.insist(new PodEvent.StartupPassed(watch.container(), watch.attempt()));
    }

    @Override
    public void ready(boolean ready) {
      actor.insist(new PodEvent.Readiness(watch.container(), watch.attempt(), ready));
    }

    @Override
    public void unhealthy(String why) {
      actor.insist(new PodEvent.Unhealthy(watch.container(), watch.attempt(), why));
    }

    @Override
    public void failed(String probe, String message) {
      actor.event(
          ClusterEvents.Type.WARNING,
          "spec.containers{" + watch.container() + "}",
          "Unhealthy",
          probe + " probe failed: " + message);
    }
  }
}
