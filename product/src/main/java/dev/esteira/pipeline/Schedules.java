package dev.esteira.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs that are started by the clock. Durable. */
public interface Schedules {
  /**
   * What is started when.
   *
   * @param cron minute, hour, day of month, month, day of week
   * @param lastRun the run that it started last
   * @param lastFailure why it started none the last time
   */
  record Schedule(
      String id,
      String project,
      String description,
      String ref,
      String cron,
      String timeZone,
      Map<String, String> variables,
      Instant nextAt,
      Optional<String> lastRun,
      Optional<String> lastFailure) {
    public Schedule {
      variables = Map.copyOf(variables);
    }
  }

  Schedule create(
      String project,
      String description,
      String ref,
      String cron,
      String timeZone,
      Map<String, String> variables);

  List<Schedule> list(String project);

  void delete(String project, String id);

  /** Starts its run now, beside those that the clock starts. */
  void runNow(String project, String id);
}
