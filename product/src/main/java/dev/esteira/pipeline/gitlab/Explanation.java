package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Plan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why each job of a file is, or is not, in the pipeline of one event.
 *
 * @param pipeline what {@code workflow} says; when it refuses, no job is asked
 * @param jobs in the order of the file
 * @param errors why there can be no pipeline for this event, though the file is sound: lines as of
 *     an {@code INVALID} failure
 */
public record Explanation(
    String file,
    Optional<Answer> pipeline,
    List<Answer> jobs,
    List<Plan.Notice> notices,
    List<String> errors) {
  public Explanation {
    errors = List.copyOf(errors);
    jobs = List.copyOf(jobs);
    notices = List.copyOf(notices);
  }

  /**
   * One answer.
   *
   * @param name of the job, or {@code workflow}
   * @param when what starts the job: {@code on_success}, {@code manual}, …; empty when it is not
   *     created
   * @param reason what decided, in words
   * @param file and {@code line}: where that stands
   * @param looked the variables that were looked at on the way, with their values; secret ones are
   *     masked
   */
  public record Answer(
      String name,
      String stage,
      boolean created,
      String when,
      String reason,
      String file,
      int line,
      Map<String, String> looked) {
    public Answer {
      looked = Collections.unmodifiableMap(new LinkedHashMap<>(looked));
    }
  }
}
