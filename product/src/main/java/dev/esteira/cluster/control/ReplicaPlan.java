package dev.esteira.cluster.control;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which pods a ReplicaSet makes or removes. Pure. The order of removal is that of
 * Kubernetes: pods that serve nobody first, then the youngest.
 *
 * @param create how many to make
 * @param delete names to remove
 */
record ReplicaPlan(int create, List<String> delete) {
  /** Pods made in one step at most; the next step makes the rest. */
  static final int CREATE_MAX = 100;

  ReplicaPlan {
    delete = List.copyOf(delete);
  }

  /** A pod that counts: not terminating, not ended. */
  record PodView(String name, boolean running, boolean ready, int restarts, Instant created) {}

  static ReplicaPlan decide(int wanted, List<PodView> pods) {
    if (pods.size() <= wanted) {
      return new ReplicaPlan(Math.min(CREATE_MAX, wanted - pods.size()), List.of());
    }
    Comparator<PodView> leastUseful =
        Comparator.comparing(PodView::ready)
            .thenComparing(PodView::running)
            .thenComparing(PodView::restarts, Comparator.reverseOrder())
            .thenComparing(PodView::created, Comparator.reverseOrder())
            .thenComparing(PodView::name);
    return new ReplicaPlan(
        0,
        pods.stream().sorted(leastUseful).limit(pods.size() - wanted).map(PodView::name).toList());
  }
}
