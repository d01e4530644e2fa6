package dev.esteira.runner;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the reports and the log of a job say of it.
 *
 * @param variables of its dotenv reports, for the jobs after it
 * @param coverage in percent, as the log has it
 */
public record Outcome(
    Map<String, String> variables, Optional<Tests> tests, Optional<String> coverage) {
  static final Outcome NOTHING = new Outcome(Map.of(), Optional.empty(), Optional.empty());

  public Outcome {
    variables = Map.copyOf(variables);
  }

  /** The cases of JUnit reports; {@code failedNames} are the first of those that failed. */
  public record Tests(int total, int failed, int skipped, List<String> failedNames) {
    public Tests {
      failedNames = List.copyOf(failedNames);
    }
  }
}
