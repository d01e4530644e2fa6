package dev.esteira.pipeline;

/** A command for the hands, in the outbox until it is done; {@code key} orders the outbox. */
record Errand(String key, String jobId, JobCommand.Action action, int attempt) {}
