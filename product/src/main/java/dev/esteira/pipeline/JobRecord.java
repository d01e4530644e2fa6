package dev.esteira.pipeline;

/** A job as the ledger keeps it; {@code index} counts within its stage. */
record JobRecord(
    String id,
    String runId,
    int stage,
    String stageName,
    int index,
    String name,
    int timeoutSeconds,
    JobState state) {
  JobRecord with(JobState next) {
    return new JobRecord(id, runId, stage, stageName, index, name, timeoutSeconds, next);
  }
}
