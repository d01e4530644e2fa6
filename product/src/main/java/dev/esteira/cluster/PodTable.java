package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The row of a pod: its status is told from its containers, as kubectl's users know it. */
final class PodTable {
  private PodTable() {}

  static Table table() {
    return Table.of(
        "Name|Ready|Status|Restarts|Age|IP*|Node*|Nominated Node*|Readiness Gates*", PodTable::row);
  }

  private static List<String> row(ObjectNode pod, Instant now) {
    List<ObjectNode> statuses = Trees.objects(pod, "status", "containerStatuses");
    long ready = statuses.stream().filter(s -> s.path("ready").asBoolean() && runs(s)).count();
    int total = Trees.objects(pod, "spec", "containers").size();
    return List.of(
        Trees.name(pod),
        ready + "/" + total,
        status(pod),
        restarts(pod, now),
        Table.age(pod, now),
        orNone(Trees.text(pod, "status", "podIP")),
        orNone(Trees.text(pod, "spec", "nodeName")),
        orNone(Trees.text(pod, "status", "nominatedNodeName")),
        "<none>");
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }

  private static boolean runs(ObjectNode status) {
    return status.path("state").has("running");
  }

  /** The STATUS column. */
  static String status(ObjectNode pod) {
    if (Trees.metadata(pod).hasNonNull("deletionTimestamp")) {
      return "Terminating";
    }
    Optional<String> initializing = initializing(pod);
    if (initializing.isPresent()) {
      return initializing.get();
    }
    String reason = Trees.optional(pod, "status", "reason").orElse(phase(pod));
    boolean running = false;
    for (ObjectNode status : Trees.objects(pod, "status", "containerStatuses").reversed()) {
      running |= runs(status) && status.path("ready").asBoolean();
      reason = containerReason(status, reason);
    }
    if (reason.equals("Completed") && running) {
      return "Running";
    }
    return reason;
  }

  private static String phase(ObjectNode pod) {
    return Trees.optional(pod, "status", "phase").orElse("Unknown");
  }

  private static String containerReason(ObjectNode status, String otherwise) {
    String waiting = Trees.text(status, "state", "waiting", "reason");
    if (!waiting.isEmpty()) {
      return waiting;
    }
    return status.path("state").has("terminated") ? terminated(status) : otherwise;
  }

  private static String terminated(ObjectNode status) {
    String reason = Trees.text(status, "state", "terminated", "reason");
    long signal = Trees.number(status, "state", "terminated", "signal");
    if (!reason.isEmpty()) {
      return reason;
    }
    return signal != 0
        ? "Signal:" + signal
        : "ExitCode:" + Trees.number(status, "state", "terminated", "exitCode");
  }

  /** {@code Init:1/2} and the like, until the last init container has ended well. */
  private static Optional<String> initializing(ObjectNode pod) {
    int total = Trees.objects(pod, "spec", "initContainers").size();
    List<ObjectNode> statuses = Trees.objects(pod, "status", "initContainerStatuses");
    for (int i = 0; i < statuses.size(); i++) {
      ObjectNode status = statuses.get(i);
      boolean ended = status.path("state").has("terminated");
      if (ended && Trees.number(status, "state", "terminated", "exitCode") == 0) {
        continue;
      }
      String waiting = Trees.text(status, "state", "waiting", "reason");
      if (ended) {
        return Optional.of("Init:" + terminated(status));
      }
      boolean telling = !waiting.isEmpty() && !waiting.equals("PodInitializing");
      return Optional.of("Init:" + (telling ? waiting : i + "/" + total));
    }
    return Optional.empty();
  }

  private static String restarts(ObjectNode pod, Instant now) {
    long restarts = 0;
    String last = "";
    for (ObjectNode status : Trees.objects(pod, "status", "containerStatuses")) {
      restarts += Trees.number(status, "restartCount");
      String ended = Trees.text(status, "lastState", "terminated", "finishedAt");
      last = ended.compareTo(last) > 0 ? ended : last;
    }
    return restarts > 0 && !last.isEmpty()
        ? restarts + " (" + Age.since(last, now) + " ago)"
        : Long.toString(restarts);
  }
}
