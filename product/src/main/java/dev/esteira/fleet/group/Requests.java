package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What people ask, put into the draft or refused. */
final class Requests {
  static final List<String> PROCESSES =
      List.of(
          "AZRebalance",
          "AddToLoadBalancer",
          "AlarmNotification",
          "HealthCheck",
          "InstanceRefresh",
          "Launch",
          "ReplaceUnhealthy",
          "ScheduledActions",
          "Terminate");

  private final Draft draft;
  private final Joining joining;

  Requests(Draft draft) {
    this.draft = draft;
    this.joining = new Joining(draft);
  }

  void apply(GroupRequest request) {
    if (draft.deleting && !(request instanceof GroupRequest.CpuMeasured)) {
      if (request instanceof GroupRequest.Delete) {
        return;
      }
      throw EsteiraException.conflict(
          "The Auto Scaling group '" + draft.settings.name() + "' is pending deletion");
    }
    switch (request) {
      case GroupRequest.Begin _ -> begin();
      case GroupRequest.Update(GroupChange change) -> update(change);
      case GroupRequest.SetDesired(int desired, boolean honor) -> setDesired(desired, honor);
      case GroupRequest.Delete(boolean force) -> delete(force);
      case GroupRequest.TerminateInstance(String id, boolean less) -> joining.terminate(id, less);
      case GroupRequest.ReplaceFirst(String id) -> joining.replaceFirst(id);
      case GroupRequest.SetHealth health -> setHealth(health);
      case GroupRequest.Protect(List<String> ids, boolean on) ->
          ids.stream().map(draft::required).toList().forEach(m -> draft.put(m.protect(on)));
      case GroupRequest.EnterStandby enter -> joining.enterStandby(enter);
      case GroupRequest.ExitStandby(List<String> ids) -> joining.exitStandby(ids);
      case GroupRequest.Detach detach -> joining.detach(detach);
      case GroupRequest.Attach attach -> joining.attach(attach);
      case GroupRequest.AttachTargets(List<String> arns) -> attachTargets(arns);
      case GroupRequest.DetachTargets(List<String> arns) -> detachTargets(arns);
      case GroupRequest.Suspend(List<String> processes) -> suspend(processes);
      case GroupRequest.Resume(List<String> processes) -> resume(processes);
      case GroupRequest.SetTags tags -> setTags(tags);
      case GroupRequest.PutHook(Hook hook) -> putHook(hook);
      case GroupRequest.DeleteHook(String name) -> deleteHook(name);
      case GroupRequest.CompleteHook complete -> Hooks.complete(draft, complete);
      case GroupRequest.Heartbeat heartbeat -> Hooks.heartbeat(draft, heartbeat);
      case GroupRequest.PutSchedules(List<Schedule> all) ->
          all.forEach(each -> Schedules.put(draft, each));
      case GroupRequest.DeleteSchedule(String name) -> deleteSchedule(name);
      case GroupRequest.PutPolicy(ScalingPolicy policy) -> {
        draft.policies.removeIf(each -> each.name().equals(policy.name()));
        draft.policies.add(policy);
      }
      case GroupRequest.DeletePolicy(String name) -> {
        if (!draft.policies.removeIf(each -> each.name().equals(name))) {
          throw EsteiraException.invalid("No policy found for name '" + name + "'");
        }
      }
      case GroupRequest.ExecutePolicy execute -> Scaling.execute(draft, execute);
      case GroupRequest.StartRefresh start -> Refreshing.start(draft, start);
      case GroupRequest.CancelRefresh _ -> Refreshing.cancel(draft);
      case GroupRequest.RollbackRefresh _ ->
          Refreshing.rollback(draft, "Rolled back by a request.");
      case GroupRequest.CpuMeasured(Map<String, Double> percent) -> Scaling.track(draft, percent);
    }
  }

  private void begin() {
    draft.cause =
        draft.at()
            + " a user request created an AutoScalingGroup changing the desired capacity from 0 to "
            + draft.desired
            + ".  ";
  }

  private void update(GroupChange change) {
    LaunchSource source = draft.settings.source();
    draft.settings = draft.settings.with(change);
    int min = draft.settings.min();
    int max = draft.settings.max();
    change.desired().ifPresent(wanted -> within(wanted, min, max));
    int desired = Math.clamp(change.desired().orElse(draft.desired), min, max);
    draft.wish(
        desired,
        "a user request update of AutoScalingGroup constraints to min: %d, max: %d, desired: %d"
            .formatted(min, max, desired));
    if (!source.equals(draft.settings.source())) {
      draft.failures = 0;
    }
    // Somebody may just have mended what failed.
    draft.launchAfter = Optional.empty();
    draft.rebalanceAfter = Optional.empty();
  }

  private void within(int desired, int min, int max) {
    if (desired < min) {
      throw EsteiraException.invalid(
          "New SetDesiredCapacity value %d is below min value %d for the AutoScalingGroup."
              .formatted(desired, min));
    }
    if (desired > max) {
      throw EsteiraException.invalid(
          "New SetDesiredCapacity value %d is above max value %d for the AutoScalingGroup."
              .formatted(desired, max));
    }
  }

  private void setDesired(int desired, boolean honorCooldown) {
    within(desired, draft.settings.min(), draft.settings.max());
    if (honorCooldown) {
      Scaling.cooldown(draft);
    }
    draft.wish(desired, "a user request explicitly set group desired capacity");
    draft.launchAfter = Optional.empty();
    draft.cooldownUntil = Optional.of(draft.now.plusSeconds(draft.settings.cooldownSeconds()));
  }

  private void delete(boolean force) {
    if (!force
        && draft.count(m -> m.lifecycle().terminating()) == draft.members().size()
        && !draft.members().isEmpty()) {
      throw EsteiraException.conflict(
          "You cannot delete an AutoScalingGroup while there are scaling activities in progress"
              + " for that group.");
    }
    if (!force && !draft.members().isEmpty()) {
      throw EsteiraException.conflict(
          "You cannot delete an AutoScalingGroup while there are instances or pending Spot"
              + " instance request(s) still in the group.");
    }
    draft.deleting = true;
    draft.hooks.clear();
    draft.schedules.clear();
    draft.policies.clear();
    draft.settings =
        draft.settings.with(GroupChange.size(Optional.of(0), Optional.empty(), Optional.empty()));
    draft.wish(0, "a user request force deleted AutoScalingGroup");
    for (Member member : draft.members()) {
      if (member.lifecycle() == Lifecycle.STANDBY) {
        Passages.terminate(draft, member, draft.at() + " a user request deleted the group.");
      } else {
        draft.put(member.leaving(Optional.empty()).protect(false));
      }
    }
  }

  private void setHealth(GroupRequest.SetHealth request) {
    Member member = draft.required(request.instanceId());
    boolean young = request.respectGrace() && Health.graceEnd(draft, member).isAfter(draft.now);
    if (request.healthy()) {
      draft.put(member.with(new Member.Health(member.health().state(), true, "")));
    } else if (!young) {
      draft.put(
          member.with(new Member.Health(member.health().state(), false, Terms.USER_HEALTH_CAUSE)));
    }
  }

  private void attachTargets(List<String> arns) {
    List<String> all = new ArrayList<>(draft.settings.targetGroups());
    arns.stream().filter(arn -> !all.contains(arn)).forEach(all::add);
    draft.settings = draft.settings.with(draft.settings.tags(), all, draft.settings.suspended());
    draft.members().stream()
        .filter(m -> m.lifecycle() == Lifecycle.IN_SERVICE)
        .forEach(m -> Passages.register(draft, m));
  }

  private void detachTargets(List<String> arns) {
    List<String> rest = new ArrayList<>(draft.settings.targetGroups());
    rest.removeAll(arns);
    draft.settings = draft.settings.with(draft.settings.tags(), rest, draft.settings.suspended());
    for (Member member : draft.members()) {
      Map<String, dev.esteira.edge.elb.Targets.Health> left = new HashMap<>(member.targets());
      for (String arn : arns) {
        if (left.remove(arn) != null && !member.lifecycle().terminating()) {
          draft.command(new GroupCommand.Deregister(member.id(), arn));
        }
      }
      draft.put(member.in(left));
    }
  }

  private void suspend(List<String> processes) {
    Map<String, String> all = new HashMap<>(draft.settings.suspended());
    known(processes).forEach(name -> all.put(name, "User suspended at " + draft.now));
    draft.settings = draft.settings.with(draft.settings.tags(), draft.settings.targetGroups(), all);
  }

  private void resume(List<String> processes) {
    Map<String, String> rest = new HashMap<>(draft.settings.suspended());
    known(processes).forEach(rest::remove);
    draft.settings =
        draft.settings.with(draft.settings.tags(), draft.settings.targetGroups(), rest);
    draft.launchAfter = Optional.empty();
  }

  private static List<String> known(List<String> processes) {
    for (String name : processes) {
      if (!PROCESSES.contains(name)) {
        throw EsteiraException.invalid("The process '" + name + "' is not one of " + PROCESSES);
      }
    }
    return processes.isEmpty() ? PROCESSES : processes;
  }

  private void setTags(GroupRequest.SetTags request) {
    List<GroupTag> all = new ArrayList<>(draft.settings.tags());
    Set<String> changed = new java.util.HashSet<>(request.removed());
    request.set().forEach(tag -> changed.add(tag.key()));
    all.removeIf(tag -> changed.contains(tag.key()));
    all.addAll(request.set());
    boolean was = draft.settings.replaceFirst();
    draft.settings =
        draft.settings.with(all, draft.settings.targetGroups(), draft.settings.suspended());
    if (was && !draft.settings.replaceFirst()) {
      joining.letGo();
    }
  }

  private void putHook(Hook hook) {
    draft.hooks.removeIf(each -> each.name().equals(hook.name()));
    if (draft.hooks.size() >= Hooks.HOOKS_MAX) {
      throw EsteiraException.limit("a group has at most " + Hooks.HOOKS_MAX + " lifecycle hooks");
    }
    draft.hooks.add(hook);
  }

  private void deleteHook(String name) {
    if (!draft.hooks.removeIf(each -> each.name().equals(name))) {
      throw EsteiraException.invalid("No Lifecycle Hook found with name '" + name + "'");
    }
    for (Member member : draft.members()) {
      draft.put(
          member.waiting(
              member.waits().stream().filter(wait -> !wait.hook().equals(name)).toList()));
    }
  }

  private void deleteSchedule(String name) {
    if (!draft.schedules.removeIf(each -> each.name().equals(name))) {
      throw EsteiraException.invalid("Scheduled action name not found");
    }
  }
}
