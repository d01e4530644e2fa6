package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Exit;
import dev.esteira.cluster.control.PodState.Sandbox;
import dev.esteira.cluster.control.PodState.Stage;
import dev.esteira.cluster.control.PodState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A pod's status in the words of Kubernetes, from its machine's state. Pure. */
final class PodStatus {
  private PodStatus() {}

  /** The status; {@code pod} is the object as it is, with its old status. */
  static ObjectNode of(PodState state, JsonNode pod, String hostAddress, Instant now) {
    ObjectNode status = Json.object();
    status.put("phase", state.phase());
    conditions(status.putArray("conditions"), state, pod, now);
    status.put("hostIP", hostAddress);
    status.putArray("hostIPs").addObject().put("ip", hostAddress);
    if (!state.address().isEmpty()) {
      status.put("podIP", state.address());
      status.putArray("podIPs").addObject().put("ip", state.address());
    }
    status.put("startTime", Tree.time(state.startedAt()));
    containers(status, "initContainerStatuses", "initContainers", state, pod);
    containers(status, "containerStatuses", "containers", state, pod);
    status.put("qosClass", qosClass(pod));
    return status;
  }

  private static void conditions(ArrayNode conditions, PodState state, JsonNode pod, Instant now) {
    boolean sandbox = state.sandbox() instanceof Sandbox.Up;
    condition(conditions, pod, "PodReadyToStartContainers", sandbox, "", "", now);
    List<String> open = new ArrayList<>();
    for (Container c : state.inits()) {
      if (!(c.status() instanceof Status.Exited e && e.exit().code() == 0)) {
        open.add(c.name());
      }
    }
    condition(
        conditions,
        pod,
        "Initialized",
        open.isEmpty(),
        "ContainersNotInitialized",
        "containers with incomplete status: [" + String.join(" ", open) + "]",
        now);
    boolean finished = state.stage() == Stage.FINISHED;
    List<String> unready =
        state.mains().stream().filter(c -> !c.ready()).map(Container::name).toList();
    String reason = finished ? "PodCompleted" : "ContainersNotReady";
    String message =
        finished ? "" : "containers with unready status: [" + String.join(" ", unready) + "]";
    condition(conditions, pod, "Ready", state.ready(), reason, message, now);
    condition(conditions, pod, "ContainersReady", unready.isEmpty(), reason, message, now);
    condition(conditions, pod, "PodScheduled", true, "", "", now);
  }

  private static void condition(
      ArrayNode conditions,
      JsonNode pod,
      String type,
      boolean holds,
      String reason,
      String message,
      Instant now) {
    Conditions.add(
            conditions,
            pod,
            type,
            holds ? "True" : "False",
            holds || reason.isEmpty() ? null : reason,
            holds || message.isEmpty() ? null : message,
            now)
        .putNull("lastProbeTime");
  }

  private static void containers(
      ObjectNode status, String field, String specField, PodState state, JsonNode pod) {
    if (pod.path("spec").path(specField).isEmpty()) {
      return;
    }
    ArrayNode all = status.putArray(field);
    for (JsonNode spec : pod.path("spec").path(specField)) {
      state
          .container(spec.path("name").asText(""))
          .ifPresent(c -> container(all.addObject(), c, state, spec, pod));
    }
  }

  private static void container(
      ObjectNode status, Container c, PodState state, JsonNode spec, JsonNode pod) {
    status.put("name", c.name());
    current(status.putObject("state"), c, state, spec, pod);
    ObjectNode last = status.putObject("lastState");
    c.last().ifPresent(e -> terminated(last, e));
    boolean ended = c.init() && c.status() instanceof Status.Exited e && e.exit().code() == 0;
    status.put("ready", c.ready() || ended);
    status.put("restartCount", c.attempt());
    status.put("image", spec.path("image").asText(""));
    status.put("imageID", imageName(c, spec));
    String id = containerId(c);
    if (!id.isEmpty()) {
      status.put("containerID", "docker://" + id);
    }
    status.put("started", c.status() instanceof Status.Running r && r.started());
  }

  private static String imageName(Container c, JsonNode spec) {
    if (c.imageId().isEmpty()) {
      return "";
    }
    String image = spec.path("image").asText("");
    int at = image.indexOf('@');
    String name = at < 0 ? image : image.substring(0, at);
    int colon = name.lastIndexOf(':');
    String repository = colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    return c.digest().isEmpty()
        ? "docker://" + c.imageId()
        : "docker-pullable://" + repository + "@" + c.digest();
  }

  private static String containerId(Container c) {
    return switch (c.status()) {
      case Status.Running r -> r.id();
      case Status.Stopping s -> s.id();
      case Status.Exited e -> e.exit().id();
      case Status.Idle _, Status.Pulling _, Status.Starting _, Status.Waiting _ ->
          c.last().map(Exit::id).orElse("");
    };
  }

  private static void current(
      ObjectNode to, Container c, PodState state, JsonNode spec, JsonNode pod) {
    switch (c.status()) {
      case Status.Idle _, Status.Pulling _, Status.Starting _ -> starting(to, c, state);
      case Status.Waiting w ->
          waiting(to, w.reason(), waitingMessage(w, c, spec.path("image").asText(""), pod));
      case Status.Running r -> to.putObject("running").put("startedAt", Tree.time(r.startedAt()));
      case Status.Stopping s -> to.putObject("running").put("startedAt", Tree.time(s.startedAt()));
      case Status.Exited e -> terminated(to, e.exit());
    }
  }

  private static void starting(ObjectNode to, Container c, PodState state) {
    boolean waitsForInits = !c.init() && !state.initialized();
    boolean firstInit = c.init() && !(c.status() instanceof Status.Idle);
    String reason =
        waitsForInits || (!firstInit && !state.inits().isEmpty())
            ? "PodInitializing"
            : "ContainerCreating";
    String message =
        state.sandbox() instanceof Sandbox.Failed f
            ? "failed to create pod sandbox: " + f.message()
            : "";
    waiting(to, reason, message);
  }

  private static void waiting(ObjectNode to, String reason, String message) {
    ObjectNode waiting = to.putObject("waiting").put("reason", reason);
    if (!message.isEmpty()) {
      waiting.put("message", message);
    }
  }

  /** Completes the machine's words with what only the object knows. */
  static String waitingMessage(Status.Waiting w, Container c, String image, JsonNode pod) {
    return switch (w.reason()) {
      case "ImagePullBackOff" ->
          "Back-off pulling image \"" + image + "\": ErrImagePull: " + w.message();
      case "CrashLoopBackOff" ->
          w.message()
              + " pod="
              + Tree.name(pod)
              + "_"
              + Tree.namespace(pod)
              + "("
              + Tree.uid(pod)
              + ")";
      default -> w.message();
    };
  }

  private static void terminated(ObjectNode to, Exit exit) {
    ObjectNode terminated = to.putObject("terminated");
    terminated.put("exitCode", exit.code()).put("reason", exit.reason());
    if (!exit.message().isEmpty()) {
      terminated.put("message", exit.message());
    }
    terminated.put("startedAt", Tree.time(exit.startedAt()));
    terminated.put("finishedAt", Tree.time(exit.finishedAt()));
    if (!exit.id().isEmpty()) {
      terminated.put("containerID", "docker://" + exit.id());
    }
  }

  /** Guaranteed, Burstable or BestEffort, by requests and limits. */
  static String qosClass(JsonNode pod) {
    boolean any = false;
    boolean guaranteed = true;
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        JsonNode limits = container.path("resources").path("limits");
        JsonNode requests = container.path("resources").path("requests");
        any |= !limits.isEmpty() || !requests.isEmpty();
        for (String what : List.of("cpu", "memory")) {
          String limit = limits.path(what).asText("");
          guaranteed &= !limit.isEmpty() && requests.path(what).asText(limit).equals(limit);
        }
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }
}
