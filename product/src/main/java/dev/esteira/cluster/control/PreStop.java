package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.cluster.ClusterEvents;

/** The hook that a container may have before it is told to end. */
final class PreStop {
  private final PodContext context;
  private final PodActor actor;

  PreStop(PodContext context, PodActor actor) {
    this.context = context;
    this.actor = actor;
  }

  /** Runs it, within the grace; its failure does not keep the container from being stopped. */
  void run(JsonNode container, PodCommand.Stop c) {
    JsonNode hook = container.path("lifecycle").path("preStop");
    if (hook.isMissingNode()) {
      return;
    }
    ProbeCheck check = new ProbeCheck(context.engine(), container, actor.state().address());
    int limitMillis = Math.max(1, c.graceSeconds()) * 1000;
    if (hook.has("sleep")) {
      try {
        Thread.sleep(Math.min(limitMillis, hook.path("sleep").path("seconds").asLong(0) * 1000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    check
        .check(hook, c.id(), limitMillis)
        .ifPresent(why ->
            actor.event(
                ClusterEvents.Type.WARNING,
                "spec.containers{" + c.container() + "}",
                "FailedPreStopHook",
                "PreStopHook failed: " + why));
  }
}
