package dev.esteira.pipeline;

import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.List;

/** Ends what a push makes redundant: earlier runs of its ref, as far as they let it. */
final class Redundancy {
  private static final String PUSH = "push";

  private final Ledger.Transaction tx;
  private final RunLimits limits;
  private final Instant now;

  Redundancy(Ledger.Transaction tx, RunLimits limits, Instant now) {
    this.tx = tx;
    this.limits = limits;
    this.now = now;
  }

  /** {@code run} is not among the open ones yet. */
  void endBefore(RunRecord run) {
    if (!run.request().source().equals(PUSH)) {
      return;
    }
    for (Ledger.Stored open : tx.list(Kinds.OPEN_RUN, "")) {
      RunRecord other = read(Kinds.RUN, open.key(), RunRecord.class);
      boolean same =
          other.request().project().equals(run.request().project())
              && other.request().ref().equals(run.request().ref())
              && other.request().source().equals(PUSH);
      if (same && goesOn(other)) {
        end(other, run.number());
      }
    }
  }

  /** One that waits for a person alone is left to that person. */
  private static boolean goesOn(RunRecord run) {
    return run.state().marks().contains(Mark.OPEN) || run.state().marks().contains(Mark.DELAYED);
  }

  private void end(RunRecord run, long newer) {
    List<JobRecord> jobs =
        run.jobIds().stream().map(id -> read(Kinds.JOB, id, JobRecord.class)).toList();
    String because = ", because run " + newer + " of the same ref began";
    Turn turn = new Turn(tx, limits, now);
    switch (run.autoCancel().onNewCommit()) {
      case NONE -> {}
      case CONSERVATIVE -> {
        if (jobs.stream().allMatch(job -> job.traits().interruptible() || !begun(job))) {
          turn.note(run.id(), "cancelled" + because);
          turn.run(run.id(), new RunEvent.CancelAsked());
        }
      }
      case INTERRUPTIBLE -> {
        List<JobRecord> cut =
            jobs.stream().filter(j -> j.traits().interruptible() && !j.state().ended()).toList();
        if (!cut.isEmpty()) {
          turn.note(run.id(), "its interruptible jobs are cancelled" + because);
        }
        cut.forEach(job -> turn.run(run.id(), new RunEvent.JobCancelAsked(job.node())));
      }
    }
  }

  private static boolean begun(JobRecord job) {
    return !(job.state() instanceof JobState.Pending || job.state() instanceof JobState.Skipped);
  }

  private <T> T read(String kind, String key, Class<T> type) {
    return Json.read(tx.get(kind, key).orElseThrow().body(), type);
  }
}
