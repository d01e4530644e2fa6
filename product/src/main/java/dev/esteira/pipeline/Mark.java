package dev.esteira.pipeline;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a run knows of one of its jobs. */
enum Mark {
  /** Waits for others. */
  CREATED,
  /** Waits for a person. */
  MANUAL,
  /** Waits for its time. */
  DELAYED,
  /** Has been admitted and has not ended. */
  OPEN,
  SUCCEEDED,
  /** Failed, which the run takes as a success. */
  WARNED,
  FAILED,
  CANCELLED,
  SKIPPED;

  /** What several jobs come to. */
  enum Sum {
    SUCCEEDED,
    FAILED,
    CANCELLED,
    SKIPPED,
    /** Something goes on, or will. */
    RUNNING,
    /** Nothing goes on before a person plays a job. */
    BLOCKED
  }

  /** Not asked for: the run goes on without it. */
  private static boolean optional(Mark mark, Graph.Vertex vertex) {
    return mark == MANUAL && vertex.flow().allowFailure().always();
  }

  /**
   * What these jobs come to for one that waits for them, or for the whole run (GitLab's composite
   * status).
   *
   * @param byNeeds whether they are needed by name: then one that did not run is not passed over
   */
  static Sum sum(Graph graph, List<Mark> marks, List<Integer> nodes, boolean byNeeds) {
    Set<Mark> seen = EnumSet.noneOf(Mark.class);
    boolean optional = false;
    for (int node : nodes) {
      Mark mark = marks.get(node);
      if (optional(mark, graph.at(node))) {
        optional = true;
      } else {
        seen.add(mark == CANCELLED && graph.at(node).mayFail(Optional.empty()) ? WARNED : mark);
      }
    }
    if (byNeeds && (optional || seen.contains(SKIPPED))) {
      return Sum.SKIPPED;
    }
    return sum(seen, optional);
  }

  private static Sum sum(Set<Mark> seen, boolean optional) {
    if (seen.contains(OPEN) || seen.contains(DELAYED)) {
      return Sum.RUNNING;
    }
    if (seen.contains(MANUAL)) {
      return Sum.BLOCKED;
    }
    if (seen.contains(CREATED)) {
      return Sum.RUNNING;
    }
    if (seen.contains(FAILED)) {
      return Sum.FAILED;
    }
    if (seen.contains(CANCELLED)) {
      return Sum.CANCELLED;
    }
    boolean ran = seen.contains(SUCCEEDED) || seen.contains(WARNED);
    boolean nothing = seen.isEmpty() && !optional;
    return ran || nothing ? Sum.SUCCEEDED : Sum.SKIPPED;
  }
}
