package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.aws.AwsApi;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Runs;
import java.time.InstantSource;

/** What was assumed for a job's call is told in the job's own log. */
final class JobNotices implements AwsApi.Notices {
  private static final String JOB = "job/";
  private static final int RUNS_LOOKED_AT = 20;

  private final Logs logs;
  private final Runs runs;
  private final InstantSource clock;

  JobNotices(Logs logs, Runs runs, InstantSource clock) {
    this.logs = logs;
    this.runs = runs;
    this.clock = clock;
  }

  @Override
  public void notice(Access.Principal principal, String line) {
    if (!principal.name().startsWith(JOB) || principal.project().isEmpty()) {
      return;
    }
    String jobId = principal.name().substring(JOB.length());
    runs.runs(principal.project().get(), RUNS_LOOKED_AT).stream()
        .flatMap(run -> run.jobs().stream())
        .filter(job -> job.id().equals(jobId) && !logs.ended(job.logStream()))
        .findFirst()
        .ifPresent(
            job -> logs.append(job.logStream(), clock.instant(), "esteira: notice: " + line));
  }
}
