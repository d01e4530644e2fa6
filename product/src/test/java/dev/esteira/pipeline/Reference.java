package dev.esteira.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a run comes to, told from its plan and from how those of its jobs that ran have ended: the
 * rules once more, each job by itself, without states or events.
 */
final class Reference {
  private final Graph graph;
  private final List<JobState> ends;
  private final List<Mark> marks = new ArrayList<>();

  Reference(Plan plan, List<JobState> ends) {
    this.graph = Graph.of(plan);
    this.ends = ends;
    for (int node = 0; node < graph.size(); node++) {
      // Needs are of earlier stages, so they are known by now.
      marks.add(mark(node));
    }
  }

  List<Mark> marks() {
    return marks;
  }

  String state() {
    List<Mark> required =
        IntStream.range(0, graph.size()).filter(n -> !passedOver(n)).mapToObj(marks::get).toList();
    if (required.contains(Mark.MANUAL)) {
      return "Active";
    }
    if (required.contains(Mark.FAILED)) {
      return "Failed";
    }
    boolean ran = required.contains(Mark.SUCCEEDED) || required.contains(Mark.WARNED);
    return ran || graph.size() == 0 ? "Succeeded" : "Skipped";
  }

  private boolean passedOver(int node) {
    return marks.get(node) == Mark.MANUAL && graph.at(node).flow().allowFailure().always();
  }

  private Mark mark(int node) {
    Graph.Vertex vertex = graph.at(node);
    String before = vertex.needs().isPresent() ? needed(node) : staged(node);
    if (before.equals("open")) {
      return Mark.CREATED;
    }
    boolean runs =
        switch (vertex.flow().when()) {
          case ON_SUCCESS, MANUAL, DELAYED -> before.equals("good");
          case ON_FAILURE -> before.equals("bad");
          case ALWAYS -> true;
        };
    if (!runs) {
      return Mark.SKIPPED;
    }
    return switch (ends.get(node)) {
      case JobState.Succeeded _ -> Mark.SUCCEEDED;
      case JobState.Failed f -> vertex.mayFail(f.exitCode()) ? Mark.WARNED : Mark.FAILED;
      case JobState.SystemFailed _ -> vertex.mayFail(Optional.empty()) ? Mark.WARNED : Mark.FAILED;
      case JobState.Manual _ -> Mark.MANUAL;
      default -> Mark.CREATED;
    };
  }

  private String needed(int node) {
    List<Integer> before = graph.before(node);
    if (before.stream().anyMatch(n -> marks.get(n) == Mark.SKIPPED || passedOver(n))) {
      return "nothing";
    }
    return open(before) ? "open" : failed(before) ? "bad" : "good";
  }

  private String staged(int node) {
    List<Integer> before = graph.before(node).stream().filter(n -> !passedOver(n)).toList();
    return open(before) ? "open" : failed(before) ? "bad" : "good";
  }

  private boolean open(List<Integer> nodes) {
    return nodes.stream()
        .anyMatch(n -> marks.get(n) == Mark.MANUAL || marks.get(n) == Mark.CREATED);
  }

  private boolean failed(List<Integer> nodes) {
    return nodes.stream().anyMatch(n -> marks.get(n) == Mark.FAILED);
  }
}
