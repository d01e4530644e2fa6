package dev.esteira.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Turns records into what people see. */
final class RunViews {
  private RunViews() {}

  static Runs.Run view(RunRecord run, List<JobRecord> jobs, int slotsBusy, int slots) {
    return new Runs.Run(
        run.id(),
        run.request().project(),
        run.number(),
        run.request().commit(),
        run.request().ref(),
        state(run.state(), jobs),
        waitingFor(jobs, slotsBusy, slots),
        failure(run.state()),
        run.createdAt(),
        run.endedAt(),
        jobs.stream().map(RunViews::view).toList(),
        run.notices());
  }

  private static String state(RunState state, List<JobRecord> jobs) {
    return switch (state) {
      case RunState.Planned _ -> "queued";
      case RunState.Active _ -> begun(jobs) ? "running" : "queued";
      case RunState.Succeeded _ -> "succeeded";
      case RunState.Failed _ -> "failed";
      case RunState.Cancelled _ -> "cancelled";
    };
  }

  private static boolean begun(List<JobRecord> jobs) {
    return jobs.stream()
        .anyMatch(j -> j.state().active() || j.state().ended() || j.state().attempt() > 1);
  }

  private static Optional<String> failure(RunState state) {
    return state instanceof RunState.Failed failed
        ? Optional.of(failed.failure())
        : Optional.empty();
  }

  private static String waitingFor(List<JobRecord> jobs, int slotsBusy, int slots) {
    if (jobs.stream().anyMatch(j -> j.state() instanceof JobState.Queued)) {
      return String.format(
          Locale.ROOT, "waiting for a free job slot (%d of %d busy)", slotsBusy, slots);
    }
    if (jobs.stream().anyMatch(j -> j.state() instanceof JobState.Starting)) {
      return "waiting for the job's sandbox";
    }
    return "";
  }

  private static Runs.JobView view(JobRecord job) {
    JobState state = job.state();
    return new Runs.JobView(
        job.id(),
        job.stageName(),
        job.name(),
        word(state),
        state.attempt(),
        logStream(job.id(), state.attempt()),
        state.failureText(),
        state.steps());
  }

  static String logStream(String jobId, int attempt) {
    return "job/" + jobId + "/" + attempt;
  }

  private static String word(JobState state) {
    return switch (state) {
      case JobState.Waiting _, JobState.Queued _ -> "waiting";
      case JobState.Starting _, JobState.Running _, JobState.Cancelling _ -> "running";
      case JobState.Succeeded _ -> "succeeded";
      case JobState.Failed _ -> "failed";
      case JobState.SystemFailed _ -> "system_failure";
      case JobState.Cancelled _ -> "cancelled";
      case JobState.Skipped _ -> "skipped";
    };
  }
}
