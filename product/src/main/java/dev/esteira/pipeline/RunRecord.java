package dev.esteira.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run as the ledger keeps it; its plan stands beside it under the same id.
 *
 * @param number counts within the project
 * @param serial its own among all runs of the home; 0 in records of the first version
 * @param parent the job that triggered it
 */
record RunRecord(
    String id,
    Runs.Request request,
    long number,
    long serial,
    Instant createdAt,
    Optional<Instant> endedAt,
    RunState state,
    List<String> jobIds,
    List<Plan.Notice> notices,
    Optional<Parent> parent,
    AutoCancel autoCancel) {
  private static final int NOTICES_MAX = 200;

  RunRecord {
    jobIds = List.copyOf(jobIds);
    notices = List.copyOf(notices.subList(0, Math.min(notices.size(), NOTICES_MAX)));
    autoCancel = Absent.or(autoCancel, AutoCancel.NEVER);
  }

  /** Who triggered a run; {@code depends}: and ends as it ends. */
  record Parent(String runId, String jobId, int attempt, boolean depends) {}

  RunRecord with(RunState next, Instant now) {
    Optional<Instant> end = next.ended() ? endedAt.or(() -> Optional.of(now)) : Optional.empty();
    return changed(end, next, notices);
  }

  RunRecord with(Plan.Notice notice) {
    List<Plan.Notice> more = new ArrayList<>(notices);
    more.add(notice);
    return changed(endedAt, state, more);
  }

  /** All that changes in the life of a run. */
  private RunRecord changed(
      Optional<Instant> nextEnd, RunState nextState, List<Plan.Notice> nextNotices) {
    return new RunRecord(
        id,
        request,
        number,
        serial,
        createdAt,
        nextEnd,
        nextState,
        jobIds,
        nextNotices,
        parent,
        autoCancel);
  }
}
