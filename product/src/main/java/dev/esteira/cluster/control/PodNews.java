package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Events that a change of a pod's state is worth, in Kubernetes' words. Pure. */
final class PodNews {
  private PodNews() {}

  /** An Event about a container ({@code container} empty: about the pod). */
  record Item(
      ClusterEvents.Type type, Optional<Container> container, String reason, String message) {}

  static List<Item> between(PodState before, PodState after, JsonNode pod) {
    List<Item> news = new ArrayList<>();
    if (after.sandbox() instanceof PodState.Sandbox.Failed f
        && !before.sandbox().equals(after.sandbox())) {
      news.add(
          new Item(
              ClusterEvents.Type.WARNING,
              Optional.empty(),
              "FailedCreatePodSandBox",
              "Failed to create pod sandbox: " + f.message()));
    }
    for (Container c : after.containers()) {
      Optional<Container> old = before.container(c.name());
      if (old.isPresent() && !old.get().status().equals(c.status())) {
        changed(old.get(), c, after, pod, news);
      }
    }
    return news;
  }

  private static void changed(
      Container old, Container c, PodState after, JsonNode pod, List<Item> news) {
    switch (c.status()) {
      case Status.Running _ when !(old.status() instanceof Status.Running) ->
          news.add(normal(c, "Started", "Started container " + c.name()));
      case Status.Stopping s -> news.add(normal(c, "Killing", killing(c, s)));
      case Status.Waiting w -> waiting(c, w, pod, news);
      case Status.Idle _,
          Status.Pulling _,
          Status.Starting _,
          Status.Running _,
          Status.Exited _ -> {
        // The hands tell of pulls; an end is seen in the status.
      }
    }
    boolean stopping = after.stage() == PodState.Stage.STOPPING;
    if (stopping && c.status() instanceof Status.Exited && old.live()) {
      news.add(normal(c, "Killing", "Stopping container " + c.name()));
    }
  }

  private static String killing(Container c, Status.Stopping s) {
    return s.why().startsWith("Container ")
        ? s.why()
        : "Container " + c.name() + " is stopped: the pod's network is gone";
  }

  private static void waiting(Container c, Status.Waiting w, JsonNode pod, List<Item> news) {
    String where = " in pod " + Tree.name(pod) + "_" + Tree.namespace(pod);
    switch (w.reason()) {
      case "CrashLoopBackOff" ->
          news.add(
              warning(
                  c,
                  "BackOff",
                  "Back-off restarting failed container "
                      + c.name()
                      + where
                      + "("
                      + Tree.uid(pod)
                      + ")"));
      case "ImagePullBackOff" ->
          news.add(
              normal(c, "BackOff", "Back-off pulling image \"" + PodSpecs.image(pod, c) + "\""));
      case "ErrImagePull" -> {
        String image = PodSpecs.image(pod, c);
        news.add(warning(c, "Failed", "Failed to pull image \"" + image + "\": " + w.message()));
        news.add(warning(c, "Failed", "Error: ErrImagePull"));
      }
      default -> news.add(warning(c, "Failed", "Error: " + w.message()));
    }
  }

  private static Item normal(Container c, String reason, String message) {
    return new Item(ClusterEvents.Type.NORMAL, Optional.of(c), reason, message);
  }

  private static Item warning(Container c, String reason, String message) {
    return new Item(ClusterEvents.Type.WARNING, Optional.of(c), reason, message);
  }
}
