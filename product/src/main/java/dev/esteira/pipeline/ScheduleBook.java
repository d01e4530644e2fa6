package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The schedules as the ledger keeps them. A schedule that is due is an errand, and its next time is
 * recorded with it; the errand leaves the outbox in the transaction that records its run.
 */
final class ScheduleBook implements Schedules {
  private static final int OF_A_PROJECT_MAX = 100;
  private static final String OWNER = "schedule/";

  private final Ledger ledger;
  private final InstantSource clock;
  private final Bell bell;

  ScheduleBook(Ledger ledger, InstantSource clock, Bell bell) {
    this.ledger = ledger;
    this.clock = clock;
    this.bell = bell;
  }

  @Override
  public Schedule create(
      String project,
      String description,
      String ref,
      String cron,
      String timeZone,
      Map<String, String> variables) {
    Instant next = Cron.parse(cron, timeZone).after(clock.instant());
    if (list(project).size() >= OF_A_PROJECT_MAX) {
      throw EsteiraException.limit(
          "project '" + project + "' has " + OF_A_PROJECT_MAX + " schedules already");
    }
    return ledger.write(tx -> {
      Schedule made =
          new Schedule(
              Long.toString(tx.next(Kinds.SCHEDULE)),
              project,
              description,
              ref,
              cron,
              timeZone,
              variables,
              next,
              Optional.empty(),
              Optional.empty());
      put(tx, made);
      return made;
    });
  }

  @Override
  public List<Schedule> list(String project) {
    return ledger.list(Kinds.SCHEDULE, "").stream()
        .map(stored -> Json.read(stored.body(), Schedule.class))
        .filter(s -> s.project().equals(project))
        .toList();
  }

  @Override
  public void delete(String project, String id) {
    require(project, id);
    ledger.write(tx -> tx.delete(Kinds.SCHEDULE, id));
  }

  @Override
  public void runNow(String project, String id) {
    require(project, id);
    ledger.write(tx -> {
      enlist(tx, id);
      return 0;
    });
    bell.ring();
  }

  private void require(String project, String id) {
    if (find(id).filter(s -> s.project().equals(project)).isEmpty()) {
      throw EsteiraException.notFound(
          "there is no schedule '" + id + "' of project '" + project + "'");
    }
  }

  Optional<Schedule> find(String id) {
    return ledger.get(Kinds.SCHEDULE, id).map(stored -> Json.read(stored.body(), Schedule.class));
  }

  static boolean isOwner(Errand errand) {
    return errand.jobId().startsWith(OWNER);
  }

  static String idOf(Errand errand) {
    return errand.jobId().substring(OWNER.length());
  }

  private static void enlist(Ledger.Transaction tx, String id) {
    String key = Kinds.padded(tx.next(Kinds.OUTBOX));
    Errand errand = new Errand(key, OWNER + id, JobCommand.Action.START, 0);
    tx.put(Kinds.OUTBOX, key, Json.write(errand));
  }

  private static void put(Ledger.Transaction tx, Schedule schedule) {
    tx.put(Kinds.SCHEDULE, schedule.id(), Json.write(schedule));
  }

  /** Makes errands of those that are due. */
  void tick() {
    Instant now = clock.instant();
    for (Ledger.Stored stored : ledger.list(Kinds.SCHEDULE, "")) {
      Schedule schedule = Json.read(stored.body(), Schedule.class);
      if (schedule.nextAt().isAfter(now)) {
        continue;
      }
      Instant next = Cron.parse(schedule.cron(), schedule.timeZone()).after(now);
      ledger.write(tx -> {
        if (tx.get(Kinds.SCHEDULE, schedule.id()).equals(Optional.of(stored))) {
          put(tx, with(schedule, next, schedule.lastRun(), schedule.lastFailure()));
          enlist(tx, schedule.id());
        }
        return 0;
      });
    }
  }

  /** What came of it, in the transaction that ends the errand. */
  static void done(
      Ledger.Transaction tx, Errand errand, Optional<String> run, Optional<String> failure) {
    tx.delete(Kinds.OUTBOX, errand.key());
    tx.get(Kinds.SCHEDULE, idOf(errand))
        .map(stored -> Json.read(stored.body(), Schedule.class))
        .ifPresent(s -> put(tx, with(s, s.nextAt(), run.or(s::lastRun), failure)));
  }

  private static Schedule with(
      Schedule s, Instant nextAt, Optional<String> lastRun, Optional<String> lastFailure) {
    return new Schedule(
        s.id(),
        s.project(),
        s.description(),
        s.ref(),
        s.cron(),
        s.timeZone(),
        s.variables(),
        nextAt,
        lastRun,
        lastFailure);
  }
}
