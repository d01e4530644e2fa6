package dev.esteira.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns records into what people see. */
final class RunViews {
  private static final int NAMES_SHOWN_MAX = 5;
  private static final Set<String> FAILED = Set.of("failed", "system_failure", "cancelled");

  private final RunRecord run;
  private final List<JobRecord> jobs;
  private final int slotsBusy;
  private final int slots;

  private RunViews(RunRecord run, List<JobRecord> jobs, int slotsBusy, int slots) {
    this.run = run;
    this.jobs = jobs;
    this.slotsBusy = slotsBusy;
    this.slots = slots;
  }

  static Runs.Run view(RunRecord run, List<JobRecord> jobs, int slotsBusy, int slots) {
    return new RunViews(run, jobs, slotsBusy, slots).view();
  }

  private Runs.Run view() {
    return new Runs.Run(
        run.id(),
        run.request().project(),
        run.number(),
        run.request().commit(),
        run.request().ref(),
        state(),
        waitingFor(),
        failure(run.state()),
        run.createdAt(),
        run.endedAt(),
        jobs.stream().map(this::view).toList(),
        run.notices(),
        run.serial(),
        run.request().source(),
        run.parent().map(RunRecord.Parent::runId));
  }

  private String state() {
    return switch (run.state()) {
      case RunState.Planned _ -> "queued";
      case RunState.Active active -> activeState(active);
      case RunState.Succeeded _ -> "succeeded";
      case RunState.Failed _ -> "failed";
      case RunState.Cancelled _ -> "cancelled";
      case RunState.Skipped _ -> "skipped";
    };
  }

  private String activeState(RunState.Active active) {
    boolean open = jobs.stream().anyMatch(j -> mark(j.state()) == Mark.OPEN);
    if (open || active.stopping()) {
      return begun() ? "running" : "queued";
    }
    if (any(JobState.Delayed.class)) {
      return "delayed";
    }
    return jobs.stream().anyMatch(RunViews::blocks) ? "blocked" : "running";
  }

  private static boolean blocks(JobRecord job) {
    return job.state() instanceof JobState.Manual && !job.traits().mayFail();
  }

  private boolean begun() {
    return jobs.stream()
        .anyMatch(j -> j.state().active() || j.state().ended() || j.state().attempt() > 1);
  }

  private boolean any(Class<? extends JobState> type) {
    return jobs.stream().anyMatch(j -> type.isInstance(j.state()));
  }

  private static Optional<String> failure(RunState state) {
    return state instanceof RunState.Failed failed
        ? Optional.of(failed.failure())
        : Optional.empty();
  }

  private String waitingFor() {
    if (run.state().ended()) {
      return "";
    }
    if (any(JobState.Queued.class)) {
      return forSlot();
    }
    if (any(JobState.Starting.class)) {
      return "waiting for the job's sandbox";
    }
    if (any(JobState.Running.class) || any(JobState.Cancelling.class)) {
      return "";
    }
    return jobs.stream()
        .filter(
            j -> j.state() instanceof JobState.Pending && !(j.state() instanceof JobState.Waiting))
        .filter(j -> !(j.state() instanceof JobState.Manual) || blocks(j))
        .findFirst()
        .map(j -> "job " + j.name() + " is " + waitingFor(j))
        .orElse("");
  }

  private String forSlot() {
    return String.format(
        Locale.ROOT, "waiting for a free job slot (%d of %d busy)", slotsBusy, slots);
  }

  /** Why a job does not run yet. */
  private String waitingFor(JobRecord job) {
    return switch (job.state()) {
      case JobState.Waiting _ -> forOthers(job);
      case JobState.Manual _ ->
          "waiting for a person: esteira job play " + run.id() + " '" + job.name() + "'";
      case JobState.Delayed s -> "waiting until " + s.until();
      case JobState.Claiming _ ->
          "waiting for the resource group " + job.traits().resource().orElse("");
      case JobState.Queued _ -> forSlot();
      case JobState.Starting _ -> job.traits().trigger() ? "" : "waiting for the job's sandbox";
      case JobState.Running _,
          JobState.Cancelling _,
          JobState.Succeeded _,
          JobState.Failed _,
          JobState.SystemFailed _,
          JobState.Cancelled _ ->
          "";
      case JobState.Skipped _ -> skippedBecause(job);
    };
  }

  /** Which of the jobs before a skipped one kept it from running. */
  private String skippedBecause(JobRecord job) {
    List<String> failed =
        jobs.stream()
            .filter(j -> before(j, job) && FAILED.contains(word(j.state())) && !warned(j))
            .map(j -> j.name() + " " + word(j.state()).replace('_', ' '))
            .limit(NAMES_SHOWN_MAX)
            .toList();
    List<String> absent =
        jobs.stream()
            .filter(j -> job.traits().needs().isPresent() && before(j, job))
            .filter(
                j -> j.state() instanceof JobState.Skipped || j.state() instanceof JobState.Manual)
            .map(j -> j.name() + " has not run")
            .limit(NAMES_SHOWN_MAX)
            .toList();
    List<String> causes = failed.isEmpty() ? absent : failed;
    return causes.isEmpty() ? "" : "skipped, because " + String.join(", ", causes);
  }

  private String forOthers(JobRecord job) {
    List<String> open =
        jobs.stream()
            .filter(j -> before(j, job) && !j.state().ended())
            .map(j -> j.name() + (blocks(j) ? " (manual)" : ""))
            .toList();
    String names = open.stream().limit(NAMES_SHOWN_MAX).collect(Collectors.joining(", "));
    int more = open.size() - NAMES_SHOWN_MAX;
    return open.isEmpty()
        ? ""
        : "waiting for " + names + (more > 0 ? " and " + more + " more" : "");
  }

  private static boolean before(JobRecord other, JobRecord job) {
    return job.traits()
        .needs()
        .map(needs -> needs.contains(other.name()))
        .orElse(other.stage() < job.stage());
  }

  private Runs.JobView view(JobRecord job) {
    JobState state = job.state();
    int attempt = Math.max(1, state.attempt());
    return new Runs.JobView(
        job.id(),
        job.stageName(),
        job.name(),
        word(state),
        attempt,
        job.traits().trigger() ? "" : logStream(job.id(), attempt),
        state.failureText(),
        state.steps(),
        job.number(),
        waitingFor(job),
        warned(job),
        job.traits().needs(),
        job.child(),
        job.traits().environment().map(EnvironmentUse::name));
  }

  private boolean warned(JobRecord job) {
    List<Mark> marks = run.state().marks();
    return job.node() < marks.size() && marks.get(job.node()) == Mark.WARNED;
  }

  static String logStream(String jobId, int attempt) {
    return "job/" + jobId + "/" + attempt;
  }

  /** What a run knows of a job in this state. */
  static Mark mark(JobState state) {
    return switch (state) {
      case JobState.Waiting _ -> Mark.CREATED;
      case JobState.Manual _ -> Mark.MANUAL;
      case JobState.Delayed _ -> Mark.DELAYED;
      case JobState.Claiming _,
          JobState.Queued _,
          JobState.Starting _,
          JobState.Running _,
          JobState.Cancelling _ ->
          Mark.OPEN;
      case JobState.Succeeded _ -> Mark.SUCCEEDED;
      case JobState.Failed _, JobState.SystemFailed _ -> Mark.FAILED;
      case JobState.Cancelled _ -> Mark.CANCELLED;
      case JobState.Skipped _ -> Mark.SKIPPED;
    };
  }

  private static String word(JobState state) {
    return switch (state) {
      case JobState.Waiting _, JobState.Claiming _, JobState.Queued _ -> "waiting";
      case JobState.Manual _ -> "manual";
      case JobState.Delayed _ -> "delayed";
      case JobState.Starting _, JobState.Running _, JobState.Cancelling _ -> "running";
      case JobState.Succeeded _ -> "succeeded";
      case JobState.Failed _ -> "failed";
      case JobState.SystemFailed _ -> "system_failure";
      case JobState.Cancelled _ -> "cancelled";
      case JobState.Skipped _ -> "skipped";
    };
  }
}
