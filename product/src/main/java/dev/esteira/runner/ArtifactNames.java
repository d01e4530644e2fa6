package dev.esteira.runner;

import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.List;

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
    }
    return names;
  }

  /** The same artifacts with the texts that the shell made of their names. */
  static List<Plan.Artifacts> replaced(Plan.Job job, List<String> names) {
    List<Plan.Artifacts> all = new ArrayList<>();
    int at = 0;
    for (Plan.Artifacts artifacts : job.artifacts()) {
      int files = at + 2;
      int excludes = files + artifacts.files().size();
      int end = excludes + artifacts.excludes().size();
      all.add(
          new Plan.Artifacts(
              names.get(at),
              names.get(at + 1),
              names.subList(files, excludes),
              names.subList(excludes, end),
              artifacts.discardPaths()));
      at = end;
    }
    return all;
  }
}
