package dev.esteira.runner;

import dev.esteira.pipeline.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The texts in a job's artifacts in which the shell replaces variables and commands, in order. */
final class ArtifactNames {
  private ArtifactNames() {}

  static List<String> of(Plan.Job job) {
    List<String> names = new ArrayList<>();
    for (Plan.Artifacts artifacts : job.artifacts()) {
      names.add(artifacts.name());
      names.add(artifacts.baseDirectory());
      names.addAll(artifacts.files());
      names.addAll(artifacts.excludes());
      new TreeMap<>(artifacts.reports()).values().forEach(names::addAll);
    }
    return names;
  }

  /** The same artifacts with the texts that the shell made of their names. */
  static List<Plan.Artifacts> replaced(Plan.Job job, List<String> names) {
    List<Plan.Artifacts> all = new ArrayList<>();
    Deque<String> left = new ArrayDeque<>(names);
    for (Plan.Artifacts artifacts : job.artifacts()) {
      String name = left.removeFirst();
      String base = left.removeFirst();
      List<String> files = take(left, artifacts.files().size());
      List<String> excludes = take(left, artifacts.excludes().size());
      Map<String, List<String>> reports = new TreeMap<>();
      new TreeMap<>(artifacts.reports())
          .forEach((kind, paths) -> reports.put(kind, take(left, paths.size())));
      all.add(
          new Plan.Artifacts(
              name,
              base,
              files,
              excludes,
              artifacts.discardPaths(),
              artifacts.keep(),
              artifacts.expireSeconds(),
              artifacts.untracked(),
              reports));
    }
    return all;
  }

  private static List<String> take(Deque<String> left, int count) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(left.removeFirst());
    }
    return taken;
  }
}
