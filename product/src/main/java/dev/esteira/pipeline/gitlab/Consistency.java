package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Flow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What jobs say of each other must fit: needs, dependencies, environments to stop. */
final class Consistency {
  private final List<String> stages;
  private final Map<String, JobSpec> jobs = new LinkedHashMap<>();
  private final Problems problems;

  Consistency(List<String> stages, List<JobSpec> jobs, Problems problems) {
    this.stages = stages;
    this.problems = problems;
    jobs.forEach(j -> this.jobs.put(j.name(), j));
  }

  void check() {
    for (JobSpec job : jobs.values()) {
      job.order().needs().ifPresent(n -> needs(job, n));
      job.order()
          .dependencies()
          .ifPresent(
              d -> d.forEach(named -> reachable(job, named.job(), "dependency", named.place())));
      job.environment().ifPresent(e -> onStop(job, e));
      job.membership()
          .rules()
          .ifPresent(rules -> rules.forEach(r -> r.needs().ifPresent(n -> ruleNeeds(job, n))));
    }
    Set<String> done = new HashSet<>();
    jobs.keySet().forEach(name -> circles(name, new ArrayList<>(), done));
  }

  private void ruleNeeds(JobSpec job, Node node) {
    new Needs(new Fields(problems)).needs(node).ifPresent(n -> needs(job, n));
  }

  private void needs(JobSpec job, List<Needs.Need> needs) {
    Set<String> seen = new HashSet<>();
    for (Needs.Need need : needs) {
      if (need.matrix().isEmpty() && !seen.add(need.job())) {
        problems.error(need.place(), "job '%s' needs '%s' twice".formatted(job.name(), need.job()));
      }
      if (!need.optional() || jobs.containsKey(need.job())) {
        reachable(job, need.job(), "need", need.place());
      }
    }
  }

  private void reachable(JobSpec job, String other, String kind, Place place) {
    Optional<JobSpec> found = named(other);
    if (found.isEmpty()) {
      problems.error(
          place,
          "job '%s' has the %s '%s', but there is no such job".formatted(job.name(), kind, other));
    } else if (stages.indexOf(found.get().stage()) > stages.indexOf(job.stage())) {
      problems.error(
          place,
          "job '%s' has the %s '%s', but that is in the later stage '%s'"
              .formatted(job.name(), kind, other, found.get().stage()));
    }
  }

  /** By its name, or by the name of one of its instances. */
  private Optional<JobSpec> named(String name) {
    JobSpec job = jobs.get(name);
    return job != null
        ? Optional.of(job)
        : jobs.values().stream()
            .filter(j -> j.instances().stream().anyMatch(i -> i.name().equals(name)))
            .findFirst();
  }

  private void onStop(JobSpec job, Flow.Environment environment) {
    if (environment.onStop().isEmpty()) {
      return;
    }
    String name = environment.onStop().get();
    JobSpec stop = jobs.get(name);
    String what = "job '%s': on_stop names '%s', ".formatted(job.name(), name);
    if (stop == null) {
      problems.error(job.place(), what + "but there is no such job");
    } else if (stop.environment().isEmpty()) {
      problems.error(job.place(), what + "but that has no environment");
    } else if (!stop.environment().get().name().equals(environment.name())) {
      problems.error(job.place(), what + "but that has another environment");
    } else if (!stop.environment().get().action().equals("stop")) {
      problems.error(job.place(), what + "but its environment's action is not 'stop'");
    }
  }

  private void circles(String name, List<String> path, Set<String> done) {
    int at = path.indexOf(name);
    JobSpec job = jobs.get(name);
    if (job == null || (at < 0 && !done.add(name))) {
      return;
    }
    if (at >= 0) {
      List<String> circle = new ArrayList<>(path.subList(at, path.size()));
      circle.add(name);
      problems.error(
          job.place(), "jobs need each other in a circle: " + String.join(" -> ", circle));
      return;
    }
    path.add(name);
    job.order().needs().ifPresent(needs -> needs.forEach(n -> circles(n.job(), path, done)));
    path.removeLast();
  }
}
