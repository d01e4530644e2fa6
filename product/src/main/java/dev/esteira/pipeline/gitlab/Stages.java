package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The created jobs, put into their stages and tied to each other by the names of instances. */
final class Stages {
  private static final List<String> EDGES = List.of(".pre", ".post");

  private final List<String> stages;
  private final Map<String, PipelineMaker.Decided> created = new LinkedHashMap<>();
  private final Problems problems;
  private final JobPlanner planner;

  Stages(
      List<String> stages,
      List<PipelineMaker.Decided> created,
      Problems problems,
      JobPlanner planner) {
    this.stages = stages;
    this.problems = problems;
    this.planner = planner;
    created.forEach(d -> this.created.put(d.job().name(), d));
  }

  /** Empty when no job is left between the first and the last stage. */
  List<Plan.Stage> planned() {
    if (created.values().stream().allMatch(d -> EDGES.contains(d.job().stage()))) {
      return List.of();
    }
    List<Plan.Stage> planned = new ArrayList<>();
    for (String stage : stages) {
      List<Plan.Job> jobs = new ArrayList<>();
      for (PipelineMaker.Decided decided : created.values()) {
        if (decided.job().stage().equals(stage)) {
          jobs.addAll(planner.jobs(decided, i -> needs(decided, i), inputs(decided.job())));
        }
      }
      if (!jobs.isEmpty()) {
        planned.add(new Plan.Stage(stage, jobs));
      }
    }
    return planned;
  }

  private Optional<List<Flow.Need>> needs(
      PipelineMaker.Decided decided, Map<String, String> instance) {
    Optional<Node> ofRule = decided.verdict().rule().flatMap(Rule::needs);
    Optional<List<Needs.Need>> written =
        ofRule.isPresent()
            ? new Needs(new Fields(problems)).needs(ofRule.get())
            : decided.job().order().needs();
    return written.map(needs -> {
      List<Flow.Need> all = new ArrayList<>();
      needs.forEach(n -> all.addAll(resolved(decided.job(), Needs.of(n, instance))));
      return all;
    });
  }

  private List<Flow.Need> resolved(JobSpec job, Needs.Need need) {
    List<String> names = instances(need.job(), need.matrix());
    if (names.isEmpty() && !need.optional()) {
      problems.error(
          need.place(),
          ("job '%s' needs '%s', but that is not in this pipeline, perhaps because of its rules;"
                  + " with 'optional: true' it may be missing")
              .formatted(job.name(), need.job()));
    }
    return names.stream().map(n -> new Flow.Need(n, need.artifacts())).toList();
  }

  private Optional<List<String>> inputs(JobSpec job) {
    return job.order()
        .dependencies()
        .map(d -> d.stream().flatMap(n -> instances(n.job(), List.of()).stream()).toList());
  }

  /** The names under which a job is in the pipeline; none when it is not. */
  private List<String> instances(String name, List<Map<String, List<String>>> matrix) {
    PipelineMaker.Decided decided = created.get(name);
    if (decided == null) {
      return created.values().stream()
          .flatMap(d -> d.job().instances().stream())
          .map(Parallel.Instance::name)
          .filter(name::equals)
          .toList();
    }
    List<Parallel.Instance> instances = decided.job().instances();
    return instances.isEmpty()
        ? List.of(name)
        : instances.stream()
            .filter(i -> Needs.selects(matrix, i.variables()))
            .map(Parallel.Instance::name)
            .toList();
  }
}
