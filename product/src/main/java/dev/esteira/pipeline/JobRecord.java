package dev.esteira.pipeline;

/**
 * A job as the ledger keeps it.
 *
 * @param index counts within its stage
 * @param number its own among all jobs of the home; 0 in records of the first version
 */
record JobRecord(
    String id,
    String runId,
    int stage,
    String stageName,
    int index,
    String name,
    int timeoutSeconds,
    long number,
    JobState state) {
  JobRecord with(JobState next) {
    return new JobRecord(id, runId, stage, stageName, index, name, timeoutSeconds, number, next);
  }
}
