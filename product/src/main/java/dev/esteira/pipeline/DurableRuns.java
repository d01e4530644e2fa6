package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of a home, kept in the ledger. {@link #open} resumes whatever the last process left
 * unfinished: sandboxes that still run are adopted, errands that were recorded are done. Wire
 * everything, listeners included, before opening. Thread-safe.
 */
public final class DurableRuns implements Runs, AutoCloseable {
  private final Planner planner;
  private final RunBook book;
  private final EnvironmentBook environments;
  private final ScheduleBook schedules;
  private final ReleaseBook releases;
  private final Hands hands;
  private final Bell bell = new Bell();

  /** Finds the files of a commit, and what names mean; makes tags. */
  @FunctionalInterface
  public interface Trees {
    Dialect.Tree of(String project, String commit);

    /** Where a branch or tag of a project is, its default branch when none is named. */
    default Optional<Tip> tip(String project, Optional<String> name) {
      return Optional.empty();
    }

    /** The commit that a branch, tag, full name or id of a project means. */
    default Optional<String> commit(String project, String revision) {
      return Optional.empty();
    }

    /** Whether a tag may have this name. */
    default boolean isTag(String name) {
      return true;
    }

    /** Makes a tag, an annotated one when there is a message; the same again is fine. */
    default void tag(
        String project, String name, String commit, Optional<String> message, String actor) {
      throw EsteiraException.notFound("tags cannot be made here");
    }
  }

  /** A full name of a ref, and the commit that it means. */
  public record Tip(String ref, String commit) {}

  public DurableRuns(
      Ledger ledger,
      List<Dialect> dialects,
      Trees trees,
      JobRunner runner,
      InstantSource clock,
      RunLimits limits) {
    this.planner = new Planner(dialects, trees);
    this.book = new RunBook(ledger, limits, clock);
    this.environments = new EnvironmentBook(ledger, limits, clock);
    Triggers triggers = new Triggers(book, planner, runner);
    this.schedules = new ScheduleBook(ledger, clock, bell);
    this.releases = new ReleaseBook(ledger, book, planner, clock, bell);
    this.hands =
        new Hands(
            book,
            runner,
            triggers,
            new ScheduledStart(book, schedules, planner),
            releases,
            List.of(book::tick, environments::tick, schedules::tick),
            bell);
  }

  /** Resumes and begins to work. */
  public void open() {
    hands.open();
  }

  @Override
  public Planned plan(Request request, boolean everyRef) {
    return planner.plan(request, everyRef, Map.of());
  }

  @Override
  public List<Plan.Omitted> omitted(String id) {
    return book.runRecord(id)
        .flatMap(run -> planner.plan(run.request(), false, Map.of()).plan())
        .map(Plan::omitted)
        .orElse(List.of());
  }

  @Override
  public Run start(Request request, Planned planned) {
    planned.plan().ifPresent(Planner::refuseEmpty);
    String id = book.begin(request, new RunBook.Outcome(planned.plan(), planned.failure()));
    bell.ring();
    return book.view(id).orElseThrow();
  }

  @Override
  public Optional<Run> run(String id) {
    return book.view(id);
  }

  @Override
  public List<Run> runs(String project, int limit) {
    return book.views(project, limit);
  }

  @Override
  public Optional<Run> bySerial(long serial) {
    return book.idOf(Kinds.RUN_BY_SERIAL, serial).flatMap(book::view);
  }

  @Override
  public Optional<Run> byJobNumber(long number) {
    return book.idOf(Kinds.JOB_BY_NUMBER, number)
        .map(book::jobRecord)
        .flatMap(job -> book.view(job.runId()));
  }

  @Override
  public Optional<Run> latest(String project) {
    return book.latest(project).flatMap(book::view);
  }

  @Override
  public void cancel(String id) {
    book.run(id, new RunEvent.CancelAsked());
    bell.ring();
  }

  @Override
  public void playJob(String runId, String job, Map<String, String> variables) {
    JobRecord found = job(runId, job);
    boolean waits =
        found.state() instanceof JobState.Manual || found.state() instanceof JobState.Delayed;
    if (!waits) {
      throw EsteiraException.conflict(
          "could not play job %s of run %s, because it is %s"
              .formatted(found.name(), runId, word(found)));
    }
    book.play(found.id(), variables);
    bell.ring();
  }

  @Override
  public void cancelJob(String runId, String job) {
    JobRecord found = job(runId, job);
    book.run(found.runId(), new RunEvent.JobCancelAsked(found.node()));
    bell.ring();
  }

  @Override
  public void retryJob(String runId, String job) {
    JobRecord found = job(runId, job);
    if (!found.state().ended() || found.state() instanceof JobState.Skipped) {
      throw EsteiraException.conflict(
          "could not try job %s of run %s again, because it is %s"
              .formatted(found.name(), runId, word(found)));
    }
    book.run(found.runId(), new RunEvent.RetryAsked(List.of(found.node())));
    bell.ring();
  }

  @Override
  public void retry(String id) {
    RunRecord run = book.runRecord(id).orElseThrow(() -> noRun(id));
    if (!run.state().ended()) {
      throw EsteiraException.conflict(
          "could not try run " + id + " again, because it has not ended");
    }
    List<Integer> nodes =
        run.jobIds().stream()
            .map(book::jobRecord)
            .filter(j -> j.state().ended() && !(j.state() instanceof JobState.Succeeded))
            .map(JobRecord::node)
            .toList();
    if (nodes.isEmpty()) {
      throw EsteiraException.conflict(
          "could not try run " + id + " again, because none of its jobs failed");
    }
    book.run(id, new RunEvent.RetryAsked(nodes));
    bell.ring();
  }

  private static EsteiraException noRun(String id) {
    return EsteiraException.notFound("there is no run '" + id + "'");
  }

  private static String word(JobRecord job) {
    return job.state().getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** By id or by name. */
  private JobRecord job(String runId, String job) {
    return book.jobNamed(runId, job)
        .orElseThrow(
            () -> EsteiraException.notFound("there is no job '" + job + "' in run " + runId));
  }

  @Override
  public Run await(String id, String knownState, long waitMillis) throws InterruptedException {
    long end = System.nanoTime() + waitMillis * 1_000_000;
    while (true) {
      long heard = bell.count();
      Run run = book.view(id).orElseThrow(() -> noRun(id));
      long left = (end - System.nanoTime()) / 1_000_000;
      if (!run.state().equals(knownState) || left <= 0) {
        return run;
      }
      bell.await(heard, left);
    }
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public Environments environments() {
    return environments;
  }

  @Override
  public Releases releases() {
    return releases;
  }

  @Override
  public void onJobEnd(JobEndListener listener) {
    hands.onJobEnd(listener);
  }

  /** Stops working; sandboxes go on by themselves. */
  @Override
  public void close() {
    hands.close();
  }
}
