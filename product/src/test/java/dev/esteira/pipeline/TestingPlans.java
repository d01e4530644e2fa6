package dev.esteira.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Plans by the sizes of their stages. */
final class TestingPlans {
  private TestingPlans() {}

  static Plan of(int... stageSizes) {
    List<Plan.Stage> stages = new ArrayList<>();
    for (int s = 0; s < stageSizes.length; s++) {
      List<Plan.Job> jobs = new ArrayList<>();
      for (int j = 0; j < stageSizes[s]; j++) {
        jobs.add(job("job" + s + j));
      }
      stages.add(new Plan.Stage("stage" + s, jobs));
    }
    return new Plan("testing", "plan", stages, List.of());
  }

  static Plan.Job job(String name) {
    return new Plan.Job(
        name,
        "image",
        Plan.ShellRule.EACH_COMMAND,
        "sh",
        Map.of("A", "1"),
        List.of(
            new Plan.Section(
                "build",
                Plan.Condition.SUCCEEDING,
                "",
                List.of(new Plan.Command("make", 1), new Plan.Command("test", 2)),
                List.of(),
                false)),
        List.of(),
        List.of(),
        Optional.empty(),
        600);
  }

  /** One stage for each list of jobs. */
  @SafeVarargs
  static Plan staged(List<Plan.Job>... stages) {
    List<Plan.Stage> all = new ArrayList<>();
    for (List<Plan.Job> jobs : stages) {
      all.add(new Plan.Stage("stage" + all.size(), jobs));
    }
    return new Plan("testing", "plan", all, List.of());
  }

  static Plan.Job job(String name, Flow flow) {
    Plan.Job plain = job(name);
    return new Plan.Job(
        name,
        plain.image(),
        plain.shellRule(),
        plain.shell(),
        plain.variables(),
        plain.sections(),
        plain.artifacts(),
        plain.cachePaths(),
        plain.runAs(),
        plain.timeoutSeconds(),
        flow,
        Setting.PLAIN);
  }

  /** Up to four stages of jobs that wait for each other in every way; some trigger runs. */
  static Plan random(Random random, boolean triggers) {
    List<Plan.Stage> stages = new ArrayList<>();
    List<String> earlier = new ArrayList<>();
    for (int s = 0; s < random.nextInt(1, 5); s++) {
      List<Plan.Job> jobs = new ArrayList<>();
      for (int j = 0; j < random.nextInt(0, 4); j++) {
        jobs.add(job("job" + s + j, randomFlow(random, earlier, triggers)));
      }
      jobs.forEach(job -> earlier.add(job.name()));
      stages.add(new Plan.Stage("stage" + s, jobs));
    }
    return with(
        new Plan("testing", "plan", stages, List.of()),
        new AutoCancel(
            random.nextInt(3) == 0
                ? (random.nextBoolean()
                    ? AutoCancel.OnNewCommit.CONSERVATIVE
                    : AutoCancel.OnNewCommit.INTERRUPTIBLE)
                : AutoCancel.OnNewCommit.NONE,
            random.nextInt(6) == 0));
  }

  static Plan with(Plan plan, AutoCancel cancel) {
    return new Plan(
        plan.dialect(), plan.file(), plan.stages(), plan.notices(), plan.omitted(), cancel);
  }

  static Flow.Trigger trigger(boolean depend) {
    return new Flow.Trigger(
        Optional.empty(),
        Optional.empty(),
        List.of(new Flow.Include("child.yml", Optional.empty())),
        depend,
        true,
        false,
        Map.of("GIVEN", "yes"));
  }

  private static Flow randomFlow(Random random, List<String> earlier, boolean triggers) {
    TestingFlow flow = new TestingFlow();
    if (random.nextInt(3) == 0) {
      flow.needs(earlier.stream().filter(_ -> random.nextInt(3) == 0).toArray(String[]::new));
    }
    switch (random.nextInt(10)) {
      case 0 -> flow.when(Flow.When.ON_FAILURE);
      case 1 -> flow.when(Flow.When.ALWAYS);
      case 2 -> flow.when(Flow.When.MANUAL);
      case 3 -> flow.delayed(random.nextInt(30));
      default -> {}
    }
    switch (random.nextInt(8)) {
      case 0, 1 -> flow.mayFail(true, Set.of());
      case 2 -> flow.mayFail(false, Set.of(7));
      default -> {}
    }
    switch (random.nextInt(8)) {
      case 0 -> flow.retry(random.nextInt(1, 3), Set.of(), Set.of());
      case 1 -> flow.retry(2, Set.of("runner_system_failure"), Set.of());
      case 2 -> flow.retry(1, Set.of(), Set.of(7));
      default -> {}
    }
    if (random.nextInt(3) == 0) {
      flow.interruptible();
    }
    boolean triggering = triggers && random.nextInt(8) == 0;
    if (triggering) {
      flow.trigger(trigger(random.nextBoolean()));
    }
    if (random.nextInt(5) == 0) {
      // Two runs that wait for children, each in the group that the other's child wants, would
      // wait for ever, as they would on GitLab.
      flow.group("group" + (triggering ? 0 : random.nextInt(2)));
    }
    return flow.made();
  }
}
