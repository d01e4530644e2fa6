package dev.esteira.pipeline;

/** The kinds of objects that this package keeps in the ledger. */
final class Kinds {
  /** Key: run id. */
  static final String RUN = "run";

  /** Key: run id; present while the run has not ended. */
  static final String OPEN_RUN = "run-open";

  /** Key: run id; the whole plan, in records of the first version alone. */
  static final String PLAN = "run-plan";

  /** Key: run id; which of its jobs waits for which. */
  static final String GRAPH = "run-graph";

  /** Key: job id; what the plan says of it. */
  static final String PLANNED_JOB = "job-planned";

  /** Key: project, a blank, a number that falls as runs go on; body: run id. */
  static final String BY_PROJECT = "run-by-project";

  /** Key: job id. */
  static final String JOB = "job";

  /** Key: the run's number among all of the home; body: run id. */
  static final String RUN_BY_SERIAL = "run-by-serial";

  /** Key: the number of one of its attempts; body: job id. */
  static final String JOB_BY_NUMBER = "job-by-number";

  /** Key: a number that grows; body: job id. */
  static final String QUEUE = "job-queue";

  /** Key: job id; present while the job has one of the slots. */
  static final String SLOT = "job-slot";

  /** Key: a number that grows; body: {@link Errand}. */
  static final String OUTBOX = "job-outbox";

  /** Key: resource group, of {@link #resource}; body: the job that is the one of it now. */
  static final String RESOURCE = "job-resource";

  /** Key: resource group, a blank, a number that grows; body: job id. */
  static final String RESOURCE_LINE = "job-resource-line";

  /** Key: job id; body: when its time comes. */
  static final String TIMER = "job-timer";

  /** Key: {@link #environment}. */
  static final String ENVIRONMENT = "environment";

  /** Key: {@link #environment}; body: when it stops by itself. */
  static final String ENVIRONMENT_TIMER = "environment-timer";

  /** Key: {@link #release}; body: {@link ReleaseBook.Kept}. */
  static final String RELEASE = "release";

  /** Key: its number. */
  static final String SCHEDULE = "schedule";

  private Kinds() {}

  static String environment(String project, String name) {
    return project + " " + name;
  }

  static String release(String project, String tag) {
    return project + " " + tag;
  }

  /** The name of a resource group among those of all projects. */
  static String resource(String project, String group) {
    return project + " " + group;
  }

  /** A number so that text order is number order. */
  static String padded(long number) {
    return String.format("%019d", number);
  }

  static String byProject(String project, long number) {
    return project + " " + padded(Long.MAX_VALUE - number);
  }
}
