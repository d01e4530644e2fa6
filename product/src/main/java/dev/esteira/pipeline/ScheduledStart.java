package dev.esteira.pipeline;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.util.Map;
import java.util.Optional;

/** Starts the run of a schedule that is due. */
record ScheduledStart(RunBook book, ScheduleBook schedules, Planner planner) {
  private static final String DESCRIPTION = "schedule.description";

  /** What makes the run impossible is kept with the schedule. */
  void carryOut(Errand errand) {
    Optional<Schedules.Schedule> found = schedules.find(ScheduleBook.idOf(errand));
    if (found.isEmpty()) {
      book.done(errand);
      return;
    }
    try {
      Schedules.Schedule schedule = found.get();
      DurableRuns.Tip tip =
          planner
              .tip(schedule.project(), Optional.of(schedule.ref()))
              .orElseThrow(() ->
                  EsteiraException.notFound(
                      "there is no branch or tag '%s' in project '%s'"
                          .formatted(schedule.ref(), schedule.project())));
      Runs.Request request =
          new Runs.Request(
              schedule.project(),
              tip.commit(),
              tip.ref(),
              "schedule",
              "schedule",
              Optional.empty(),
              schedule.variables(),
              Map.of(DESCRIPTION, schedule.description()));
      Runs.Planned planned = planner.plan(request, false, Map.of());
      planned.plan().ifPresent(Planner::refuseEmpty);
      RunBook.Outcome outcome = new RunBook.Outcome(planned.plan(), planned.failure());
      book.begin(
          request,
          outcome,
          (tx, id) -> ScheduleBook.done(tx, errand, Optional.of(id), Optional.empty()));
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.INTERNAL) {
        throw e;
      }
      book.done(errand, e.text());
    }
  }
}
