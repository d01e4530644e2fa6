package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Sandbox;
import dev.esteira.cluster.control.PodState.Stage;
import dev.esteira.cluster.control.PodState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a pod's spec says to its machine. Pure. */
final class PodSpecs {
  private static final int GRACE_SECONDS = 30;

  private PodSpecs() {}

  /** The state of a pod that nobody has begun to run. */
  static PodState begin(JsonNode pod, Instant now) {
    List<Container> containers = new ArrayList<>();
    for (JsonNode c : pod.path("spec").path("initContainers")) {
      if (!sidecar(c)) {
        containers.add(container(c, true));
      }
    }
    for (JsonNode c : pod.path("spec").path("initContainers")) {
      if (sidecar(c)) {
        containers.add(container(c, false));
      }
    }
    pod.path("spec").path("containers").forEach(c -> containers.add(container(c, false)));
    String policy = pod.path("spec").path("restartPolicy").asText("Always");
    return new PodState(
        Stage.ALIVE, policy, new Sandbox.Making(0), containers, now, graceSeconds(pod));
  }

  /** An init container that restarts always runs beside the others. */
  private static boolean sidecar(JsonNode container) {
    return container.path("restartPolicy").asText("").equals("Always");
  }

  private static Container container(JsonNode spec, boolean init) {
    return new Container(
        spec.path("name").asText(""),
        init,
        !init && Prober.checksReadiness(spec),
        !init && spec.has("startupProbe"),
        new Status.Idle(),
        0,
        0,
        0,
        "",
        "",
        Optional.empty());
  }

  static int graceSeconds(JsonNode pod) {
    return pod.path("spec").path("terminationGracePeriodSeconds").asInt(GRACE_SECONDS);
  }

  /** The container's part of the spec, or a missing node. */
  static JsonNode spec(JsonNode pod, String container) {
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode spec : pod.path("spec").path(list)) {
        if (spec.path("name").asText("").equals(container)) {
          return spec;
        }
      }
    }
    return pod.path("no such container");
  }

  /** Where Events about the container point: {@code spec.containers{web}}. */
  static String fieldPath(Container c) {
    return (c.init() ? "spec.initContainers{" : "spec.containers{") + c.name() + "}";
  }

  static String image(JsonNode pod, Container c) {
    return spec(pod, c.name()).path("image").asText("");
  }

  static ImageSource.Policy policy(JsonNode container) {
    return switch (container.path("imagePullPolicy").asText("")) {
      case "Always" -> ImageSource.Policy.ALWAYS;
      case "Never" -> ImageSource.Policy.NEVER;
      default -> ImageSource.Policy.IF_NOT_PRESENT;
    };
  }
}
