package dev.esteira.fleet.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What groups do by the clock or by a measure: refreshes, schedules, target tracking. */
class GroupsOverTimeTest extends GroupsHouse {
  @Test
  void refreshesOneAfterTheOther() throws InterruptedException {
    groups.create(settings(2, 2, List.of()), 2, List.of());
    List<String> old = serving(serving(2));

    groups.ask(
        "web",
        new GroupRequest.StartRefresh(
            "refresh-1",
            new Refresh.Preferences(
                100, 100, Optional.of(0), false, false, List.of(), 0, "Wait", "Wait"),
            Optional.empty()));

    GroupState after =
        await(state -> state.refreshes().getLast().status() == Refresh.Status.SUCCESSFUL);
    assertEquals(2, serving(after).size());
    assertTrue(old.stream().noneMatch(serving(after)::contains));
    assertEquals(100, after.refreshes().getLast().percentage());
  }

  private void refresh(LaunchSource source, boolean rollback, List<Integer> checkpoints) {
    groups.ask(
        "web",
        new GroupRequest.StartRefresh(
            "refresh-1",
            new Refresh.Preferences(
                50, 100, Optional.of(0), false, rollback, checkpoints, 60, "Wait", "Wait"),
            Optional.of(source)));
  }

  private Refresh awaitRefresh(Refresh.Status status) throws InterruptedException {
    return await(state -> state.refreshes().getLast().status() == status).refreshes().getLast();
  }

  private void configuration(String name, String imageId) {
    groups
        .launchConfigurations()
        .create(
            new LaunchConfigurations.Configuration(
                name,
                name,
                imageId,
                "t3.micro",
                "",
                List.of(),
                "",
                "",
                false,
                Optional.empty(),
                true,
                now.get()));
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  @Test
  void aRefreshRestsAtItsCheckpoints() throws InterruptedException {
    groups.create(settings(4, 4, List.of()), 4, List.of());
    List<String> old = serving(serving(4));
    configuration("next", "ami-2");

    refresh(new LaunchSource.Configuration("next"), false, List.of(50, 100));
    Refresh resting =
        await(state -> state.refreshes().getLast().checkpointUntil().isPresent())
            .refreshes()
            .getLast();

    assertEquals(50, resting.percentage());
    assertEquals(2, old.stream().filter(serving(serving(4))::contains).count());
    pass(Duration.ofSeconds(61));
    assertEquals(100, awaitRefresh(Refresh.Status.SUCCESSFUL).percentage());
    assertTrue(old.stream().noneMatch(serving(serving(4))::contains));
  }

  @Test
  void aRefreshWhoseInstancesDoNotStartIsRolledBack() throws InterruptedException {
    groups.create(settings(2, 2, List.of()), 2, List.of());
    serving(2);
    configuration("broken", "no such image");

    refresh(new LaunchSource.Configuration("broken"), true, List.of());
    Awaiting.until(() -> {
      pass(Duration.ofSeconds(10));
      return groups.group("web").orElseThrow().refreshes().getLast().endedAt().isPresent();
    });

    assertEquals(
        Refresh.Status.ROLLBACK_SUCCESSFUL,
        groups.group("web").orElseThrow().refreshes().getLast().status());
    GroupState after = serving(2);
    assertEquals(new LaunchSource.Configuration("lc"), after.settings().source());
    assertTrue(
        after.members().stream().allMatch(m -> m.made().with().configuration().equals("lc")));
  }

  @Test
  void scheduledActionsComeAtTheirTimeOfDay() throws InterruptedException {
    groups.create(settings(0, 5, List.of()), 0, List.of());
    groups.ask(
        "web",
        new GroupRequest.PutSchedules(
            List.of(
                schedule("morning", "0 8 * * MON-FRI", 3), schedule("night", "0 22 * * *", 0))));

    // The first of January of 2026 was a Thursday.
    now.set(Instant.parse("2026-01-01T08:00:00Z"));
    serving(3);
    now.set(Instant.parse("2026-01-01T22:00:00Z"));
    serving(0);
    now.set(Instant.parse("2026-01-02T08:00:01Z"));
    serving(3);
    groups.ask("web", new GroupRequest.Suspend(List.of("ScheduledActions")));
    now.set(Instant.parse("2026-01-02T22:00:00Z"));
    await(state ->
        state.schedules().stream().allMatch(each -> each.next().orElseThrow().isAfter(now.get())));
    assertEquals(3, groups.group("web").orElseThrow().desired());
  }

  private static Schedule schedule(String name, String recurrence, int desired) {
    return new Schedule(
        name,
        Optional.empty(),
        Optional.empty(),
        recurrence,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.of(desired),
        Optional.empty());
  }

  @Test
  void targetTrackingGrowsAtOnceAndShrinksSlowly() throws InterruptedException {
    groups.create(settings(1, 4, List.of()), 1, List.of());
    String id = serving(serving(1)).getFirst();
    groups.ask("web", new GroupRequest.PutPolicy(tracking(50)));

    groups.ask("web", new GroupRequest.CpuMeasured(Map.of(id, 90.0)));
    List<String> two = serving(serving(2));
    measured(two, 10);
    pass(Duration.ofMinutes(14));
    measured(two, 10);
    assertEquals(2, groups.group("web").orElseThrow().desired());
    pass(Duration.ofMinutes(1));
    measured(two, 10);

    serving(1);
  }

  private static ScalingPolicy tracking(double target) {
    return new ScalingPolicy(
        "cpu",
        "TargetTrackingScaling",
        "",
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.of(target),
        false,
        true);
  }

  private void measured(List<String> ids, double percent) {
    groups.ask(
        "web",
        new GroupRequest.CpuMeasured(Map.of(ids.getFirst(), percent, ids.getLast(), percent)));
  }

  @Test
  void aGroupThatMayNotLaunchWaitsUntilItMay() throws InterruptedException {
    groups.create(settings(1, 1, List.of()), 1, List.of());
    String first = serving(serving(1)).getFirst();
    groups.ask("web", new GroupRequest.Suspend(List.of("Launch")));

    instances.userTerminates(first);
    await(state -> state.members().isEmpty());
    assertTrue(groups.awaitIdle(WAIT_MILLIS));
    assertTrue(groups.group("web").orElseThrow().members().isEmpty());
    groups.ask("web", new GroupRequest.Resume(List.of()));

    serving(1);
  }
}
