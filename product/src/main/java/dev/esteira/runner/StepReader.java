package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands the lines of a {@code steps} file and tells them on. The job can write anything
 * there: what makes no sense is skipped.
 */
final class StepReader {
  private static final Pattern BEGAN = Pattern.compile("B (\\d{1,6})");
  private static final Pattern ENDED = Pattern.compile("E (\\d{1,6}) (\\d{1,3})");
  private static final Pattern OVER = Pattern.compile("X ([01]) (-?\\d{1,6}) (\\d{1,3})");

  private final List<JobScript.Step> steps;
  private final Queue<Runnable> news = new ArrayDeque<>();
  private final Attempt attempt;
  private final JobRunner.Events events;

  /** How many steps have begun; they are numbered in the order in which they ran. */
  private int begun;

  private int open = -1;
  private Optional<String> failure = Optional.empty();
  private Optional<Integer> failedWith = Optional.empty();

  StepReader(List<JobScript.Step> steps, Attempt attempt, JobRunner.Events events) {
    this.steps = List.copyOf(steps);
    this.attempt = attempt;
    this.events = events;
  }

  /** Takes in one line. */
  void line(String line) {
    Matcher began = BEGAN.matcher(line);
    Matcher ended = ENDED.matcher(line);
    Matcher over = OVER.matcher(line);
    if (began.matches()) {
      began(Integer.parseInt(began.group(1)));
    } else if (ended.matches()) {
      ended(Integer.parseInt(ended.group(1)), Integer.parseInt(ended.group(2)));
    } else if (over.matches() && failure.isEmpty()) {
      failure =
          Optional.of(
              over.group(1).equals("0")
                  ? ""
                  : failure(Integer.parseInt(over.group(2)), Integer.parseInt(over.group(3))));
    }
  }

  private void began(int step) {
    if (step >= steps.size() || step <= open) {
      return;
    }
    open = step;
    int index = begun++;
    JobScript.Step named = steps.get(step);
    news.add(() ->
        events.stepStarted(
            attempt.jobId(), attempt.number(), index, named.section(), named.text()));
  }

  private void ended(int step, int exitCode) {
    if (step != open) {
      return;
    }
    int index = begun - 1;
    news.add(() -> events.stepEnded(attempt.jobId(), attempt.number(), index, exitCode));
  }

  private String failure(int step, int exitCode) {
    if (step < 0 || step >= steps.size()) {
      return "the job's shell could not go on (exit code " + exitCode + ")";
    }
    JobScript.Step failed = steps.get(step);
    failedWith = Optional.of(exitCode);
    if (failed.script()) {
      return "exit code " + exitCode;
    }
    String first = failed.text().lines().findFirst().orElse("");
    return "%s: '%s' exited with code %d".formatted(failed.section(), shortened(first), exitCode);
  }

  private static String shortened(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }

  /** The exit code of the command that failed the job. */
  Optional<Integer> failedWith() {
    return failedWith;
  }

  /** Tells what was taken in since the last time. */
  void tell() {
    for (Runnable next = news.poll(); next != null; next = news.poll()) {
      next.run();
    }
  }

  /** Once the job is over: how it failed, empty text when it did not. */
  Optional<String> over() {
    return failure;
  }
}
