package dev.esteira.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
}
