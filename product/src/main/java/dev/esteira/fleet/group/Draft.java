package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/** A group within one step: what has changed so far, and the commands decided. */
final class Draft {
  final Instant now;
  final List<Hook> hooks;
  final List<Schedule> schedules;
  final List<ScalingPolicy> policies;
  final List<Refresh> refreshes;
  GroupSettings settings;
  int desired;
  boolean deleting;
  int failures;
  int unhealthy;
  String cause;
  Optional<Instant> launchAfter;
  Optional<Instant> cooldownUntil;
  Optional<Instant> rebalanceAfter;
  Optional<Instant> lowSince;

  private final GroupState before;
  private final TreeMap<Long, Member> members = new TreeMap<>();
  private final List<GroupCommand> commands = new ArrayList<>();
  private final List<Activity> noted = new ArrayList<>();
  private long nextSlot;
  private long nextActivity;
  private Optional<Instant> wakeAt = Optional.empty();

  Draft(GroupState state, Instant now) {
    this.before = state;
    this.now = now;
    this.settings = state.settings();
    this.desired = state.desired();
    this.deleting = state.deleting();
    this.hooks = new ArrayList<>(state.hooks());
    this.schedules = new ArrayList<>(state.schedules());
    this.policies = new ArrayList<>(state.policies());
    this.refreshes = new ArrayList<>(state.refreshes());
    state.members().forEach(member -> members.put(member.slot(), member));
    GroupState.Book book = state.book();
    this.failures = book.failures();
    this.unhealthy = book.unhealthy();
    this.cause = book.cause();
    this.launchAfter = book.launchAfter();
    this.cooldownUntil = book.cooldownUntil();
    this.rebalanceAfter = book.rebalanceAfter();
    this.lowSince = book.lowSince();
    this.nextSlot = book.nextSlot();
    this.nextActivity = book.nextActivity();
  }

  /** A snapshot, so that members may change while it is walked. */
  Collection<Member> members() {
    return List.copyOf(members.values());
  }

  int count(Predicate<Member> which) {
    return (int) members.values().stream().filter(which).count();
  }

  Member put(Member member) {
    members.put(member.slot(), member);
    return member;
  }

  void remove(Member member) {
    members.remove(member.slot());
  }

  Optional<Member> slot(long slot) {
    return Optional.ofNullable(members.get(slot));
  }

  Optional<Member> member(String instanceId) {
    return members.values().stream().filter(m -> m.id().equals(instanceId)).findFirst();
  }

  Member required(String instanceId) {
    return member(instanceId)
        .orElseThrow(() ->
            EsteiraException.invalid(
                "The instance %s is not part of Auto Scaling group %s."
                    .formatted(instanceId, settings.name())));
  }

  long takeSlot() {
    return nextSlot++;
  }

  void command(GroupCommand command) {
    commands.add(command);
  }

  /** The timer fires at {@code at}, or before. */
  void wakeAt(Instant at) {
    if (at.isAfter(now) && wakeAt.map(at::isBefore).orElse(true)) {
      wakeAt = Optional.of(at);
    }
  }

  /** Whether the instant has come; if not, the timer will fire then. */
  boolean due(Instant at) {
    wakeAt(at);
    return !at.isAfter(now);
  }

  Activity begin(String description, String why, String status, String details) {
    String name = before.incarnation() + "/" + nextActivity++;
    return note(
        new Activity(
            UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString(),
            settings.name(),
            before.incarnation(),
            description,
            why,
            now,
            Optional.empty(),
            status,
            "",
            0,
            details));
  }

  Activity note(Activity activity) {
    noted.removeIf(each -> each.id().equals(activity.id()));
    noted.add(activity);
    commands.removeIf(each ->
        each instanceof GroupCommand.Note(Activity other) && other.id().equals(activity.id()));
    command(new GroupCommand.Note(activity));
    return activity;
  }

  /** The instant as causes name it. */
  String at() {
    return "At " + now.truncatedTo(ChronoUnit.SECONDS);
  }

  String token(long slot) {
    return "group/" + settings.name() + "/" + before.incarnation() + "/" + slot;
  }

  /** What changed the wish, so that the activities which follow can say so. */
  void wish(int newDesired, String why) {
    if (newDesired != desired) {
      cause =
          at()
              + " "
              + why
              + " changing the desired capacity from "
              + desired
              + " to "
              + newDesired
              + ".  ";
      desired = newDesired;
    }
  }

  List<GroupCommand> commands() {
    List<GroupCommand> all = new ArrayList<>(commands);
    wakeAt
        .filter(at -> !before.book().wakeAt().equals(wakeAt))
        .ifPresent(at -> all.add(new GroupCommand.Wake(at)));
    return all;
  }

  GroupState state() {
    return new GroupState(
        settings,
        before.incarnation(),
        before.createdAt(),
        desired,
        List.copyOf(members.values()),
        hooks,
        schedules,
        policies,
        refreshes,
        deleting,
        new GroupState.Book(
            nextSlot,
            nextActivity,
            failures,
            launchAfter,
            cooldownUntil,
            unhealthy,
            cause,
            rebalanceAfter,
            lowSince,
            wakeAt),
        noted.isEmpty() ? before.noted() : noted);
  }
}
