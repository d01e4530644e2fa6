package dev.esteira.fleet.group;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A group as it is.
 *
 * @param incarnation tells it from another group that had the name before
 * @param desired how many members it keeps
 * @param refreshes the last one may be going on; earlier ones have ended
 * @param noted what the last step that did something began or ended
 */
public record GroupState(
    GroupSettings settings,
    String incarnation,
    Instant createdAt,
    int desired,
    List<Member> members,
    List<Hook> hooks,
    List<Schedule> schedules,
    List<ScalingPolicy> policies,
    List<Refresh> refreshes,
    boolean deleting,
    Book book,
    List<Activity> noted) {

  /**
   * What the machine remembers for itself.
   *
   * @param failures launches that failed one after the other
   * @param launchAfter no launch before
   * @param cooldownUntil no simple scaling before
   * @param unhealthy members taken out that no launch has made up for yet
   * @param cause why desired differs from what is there
   * @param rebalanceAfter no rebalancing over places before
   * @param lowSince since when target tracking would scale in
   * @param wakeAt when the timer is set for
   */
  record Book(
      long nextSlot,
      long nextActivity,
      int failures,
      Optional<Instant> launchAfter,
      Optional<Instant> cooldownUntil,
      int unhealthy,
      String cause,
      Optional<Instant> rebalanceAfter,
      Optional<Instant> lowSince,
      Optional<Instant> wakeAt) {
    static final Book NEW =
        new Book(
            1,
            1,
            0,
            Optional.empty(),
            Optional.empty(),
            0,
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  public GroupState {
    members = List.copyOf(members);
    hooks = List.copyOf(hooks);
    schedules = List.copyOf(schedules);
    policies = List.copyOf(policies);
    refreshes = List.copyOf(refreshes);
    noted = List.copyOf(noted);
  }

  public String name() {
    return settings.name();
  }

  public Optional<Member> member(String instanceId) {
    return members.stream().filter(m -> m.id().equals(instanceId)).findFirst();
  }
}
