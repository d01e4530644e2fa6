package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts the pods of ReplicaSets, from the pods themselves: no status in between is behind. */
final class PodCounts {
  private final Objects objects;
  private final InstantSource clock;

  PodCounts(Objects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /**
   * The pods of one set.
   *
   * @param readySince when each ready pod became so
   */
  record Count(int active, int terminating, List<Instant> readySince, Instant now) {
    static final Count NONE = new Count(0, 0, List.of(), Instant.EPOCH);

    Count {
      readySince = List.copyOf(readySince);
    }

    int ready() {
      return readySince.size();
    }

    int available(int minReadySeconds) {
      return (int)
          readySince.stream()
              .filter(at -> minReadySeconds == 0 || !at.plusSeconds(minReadySeconds).isAfter(now))
              .count();
    }
  }

  /** By the uid of the set. */
  Map<String, Count> bySet(String namespace) {
    Instant now = clock.instant();
    Map<String, List<ObjectNode>> pods = new HashMap<>();
    for (ObjectNode pod : objects.list(Kind.POD, Optional.of(namespace))) {
      Tree.controller(pod)
          .ifPresent(
              o -> pods.computeIfAbsent(o.path("uid").asText(), _ -> new ArrayList<>()).add(pod));
    }
    Map<String, Count> counts = new HashMap<>();
    pods.forEach((set, all) -> counts.put(set, count(all, now)));
    return counts;
  }

  private static Count count(List<ObjectNode> pods, Instant now) {
    int active = 0;
    int terminating = 0;
    List<Instant> ready = new ArrayList<>();
    for (ObjectNode pod : pods) {
      if (Tree.deleting(pod)) {
        terminating++;
      } else if (!ended(pod)) {
        active++;
        if (Tree.isTrue(pod, "Ready")) {
          JsonNode since = Tree.condition(pod, "Ready").path("lastTransitionTime");
          ready.add(Tree.time(since).orElse(now));
        }
      }
    }
    return new Count(active, terminating, ready, now);
  }

  static boolean ended(JsonNode pod) {
    String phase = pod.path("status").path("phase").asText("");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** When to look again because time alone may make a pod available. */
  Optional<Duration> nextRipe(Map<String, Count> counts, int minReadySeconds) {
    Instant now = clock.instant();
    return counts.values().stream()
        .flatMap(c -> c.readySince().stream())
        .map(at -> at.plusSeconds(minReadySeconds))
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo)
        .map(at -> Duration.between(now, at).plusMillis(10));
  }
}
