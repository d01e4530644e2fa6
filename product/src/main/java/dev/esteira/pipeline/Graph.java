package dev.esteira.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which job of a plan waits for which: jobs are numbered from 0 in the order of the plan.
 *
 * @param endsOnFailure whether one failed job ends all others
 */
record Graph(List<Vertex> vertices, boolean endsOnFailure) {
  Graph {
    vertices = List.copyOf(vertices);
  }

  /**
   * A job.
   *
   * @param needs the jobs it waits for; empty: all of earlier stages
   */
  record Vertex(
      String name, int stage, String stageName, Optional<List<Integer>> needs, Flow flow) {
    Vertex {
      needs = needs.map(List::copyOf);
    }

    boolean mayFail(Optional<Integer> exitCode) {
      Flow.AllowFailure allow = flow.allowFailure();
      return allow.always() || exitCode.map(allow.exitCodes()::contains).orElse(false);
    }
  }

  static Graph of(Plan plan) {
    Map<String, List<Integer>> byName = new HashMap<>();
    int number = 0;
    for (Plan.Stage stage : plan.stages()) {
      for (Plan.Job job : stage.jobs()) {
        byName.computeIfAbsent(job.name(), _ -> new ArrayList<>()).add(number++);
      }
    }
    List<Vertex> vertices = new ArrayList<>();
    for (int s = 0; s < plan.stages().size(); s++) {
      Plan.Stage stage = plan.stages().get(s);
      for (Plan.Job job : stage.jobs()) {
        vertices.add(
            new Vertex(job.name(), s, stage.name(), needs(job.flow(), byName), job.flow()));
      }
    }
    return new Graph(vertices, plan.autoCancel().allOnJobFailure());
  }

  private static Optional<List<Integer>> needs(Flow flow, Map<String, List<Integer>> byName) {
    return flow.needs()
        .map(needs ->
            needs.stream()
                .flatMap(need -> byName.getOrDefault(need.job(), List.of()).stream())
                .distinct()
                .toList());
  }

  int size() {
    return vertices.size();
  }

  Vertex at(int node) {
    return vertices.get(node);
  }

  /** The jobs that a job waits for. */
  List<Integer> before(int node) {
    return vertices
        .get(node)
        .needs()
        .orElseGet(() ->
            IntStream.range(0, vertices.size())
                .filter(other -> waits(node, other))
                .boxed()
                .toList());
  }

  private boolean waits(int node, int other) {
    Vertex vertex = vertices.get(node);
    return vertex
        .needs()
        .map(needs -> needs.contains(other))
        .orElseGet(() -> vertices.get(other).stage() < vertex.stage());
  }

  /** The jobs that wait for this one, directly or through others. */
  Set<Integer> after(int node) {
    Set<Integer> found = new TreeSet<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(node));
    while (!open.isEmpty()) {
      int from = open.poll();
      for (int i = 0; i < vertices.size(); i++) {
        if (!found.contains(i) && waits(i, from) && found.add(i)) {
          open.add(i);
        }
      }
    }
    return found;
  }
}
