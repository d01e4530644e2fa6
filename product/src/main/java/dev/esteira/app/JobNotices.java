package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.aws.AwsApi;
import dev.esteira.mirror.DownloadMirror;
import dev.esteira.net.Networks;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Runs;
import java.time.InstantSource;

/** What was assumed for a job's call is told in the job's own log. */
final class JobNotices implements AwsApi.Notices, DownloadMirror.Notices {
  private static final String JOB = "job/";
  private static final int RUNS_LOOKED_AT = 20;

  private final Access access;
  private final Networks networks;
  private final Logs logs;
  private final Runs runs;
  private final InstantSource clock;

  JobNotices(Foundation base, Runs runs) {
    this.access = base.access();
    this.networks = base.networks();
    this.logs = base.logs();
    this.runs = runs;
    this.clock = base.clock();
  }

  @Override
  public void notice(Access.Principal principal, String line) {
    if (principal.name().startsWith(JOB) && principal.project().isPresent()) {
      notice(principal.name().substring(JOB.length()), principal.project().get(), line);
    }
  }

  @Override
  public void notice(String sourceAddress, String line) {
    networks
        .ownerOf(sourceAddress)
        .filter(owner -> owner.startsWith(JOB))
        .map(owner -> owner.substring(JOB.length()))
        .ifPresent(
            jobId -> access.projects().forEach(project -> notice(jobId, project.path(), line)));
  }

  private void notice(String jobId, String project, String line) {
    runs.runs(project, RUNS_LOOKED_AT).stream()
        .flatMap(run -> run.jobs().stream())
        .filter(job -> job.id().equals(jobId) && !logs.ended(job.logStream()))
        .findFirst()
        .ifPresent(
            job -> logs.append(job.logStream(), clock.instant(), "esteira: notice: " + line));
  }
}
