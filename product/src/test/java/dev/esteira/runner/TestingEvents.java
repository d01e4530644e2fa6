package dev.esteira.runner;

import dev.esteira.base.Awaiting;
import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Releases;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a runner tells. */
final class TestingEvents implements JobRunner.Events {
  final List<String> told = new CopyOnWriteArrayList<>();

  @Override
  public void started(String jobId, int attempt) {
    told.add("started");
  }

  @Override
  public void stepStarted(String jobId, int attempt, int index, String section, String text) {
    told.add("step " + index + " " + section + ": " + text);
  }

  @Override
  public void stepEnded(String jobId, int attempt, int index, int exitCode) {
    told.add("step " + index + " = " + exitCode);
  }

  @Override
  public void environment(String jobId, int attempt, String name, Optional<String> url) {
    told.add("environment " + name + " " + url.orElse(""));
  }

  @Override
  public void release(String jobId, int attempt, Releases.Wanted wanted) {
    if (wanted.tag().contains(" ")) {
      throw EsteiraException.invalid("'" + wanted.tag() + "' is no name of a tag");
    }
    told.add(
        "release %s (%s) of %s at %s: %s %s"
            .formatted(
                wanted.tag(),
                wanted.name().orElse(""),
                wanted.ref().orElse(""),
                wanted.releasedAt().orElseThrow(),
                wanted.description().strip(),
                wanted.links().getFirst().url()));
  }

  @Override
  public void ended(String jobId, int attempt, String failure) {
    told.add("ended " + failure);
  }

  @Override
  public void systemFailure(String jobId, int attempt, String reason) {
    told.add("system failure " + reason);
  }

  /** Waits for the end and returns it. */
  String end() throws InterruptedException {
    await("ended |system failure ");
    return told.stream()
        .filter(t -> t.matches("(?s)(ended |system failure ).*"))
        .findFirst()
        .orElseThrow();
  }

  void await(String beginning) throws InterruptedException {
    Awaiting.until(
        () -> told.stream().anyMatch(t -> t.matches("(?s)(" + beginning + ").*")),
        () -> "'" + beginning + "', but heard " + told);
  }
}
