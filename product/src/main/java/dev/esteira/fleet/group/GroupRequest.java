package dev.esteira.fleet.group;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people and programs ask of a group. What breaks a rule is refused, and changes nothing. */
public sealed interface GroupRequest extends GroupEvent {
  /** The group's first wish, right after it was made. */
  record Begin() implements GroupRequest {}

  record Update(GroupChange change) implements GroupRequest {}

  record SetDesired(int desired, boolean honorCooldown) implements GroupRequest {}

  /** Ends all members and then the group. */
  record Delete(boolean force) implements GroupRequest {}

  record TerminateInstance(String instanceId, boolean decrement) implements GroupRequest {}

  /** Ends a member once its replacement serves; asked by terminate-instances. */
  record ReplaceFirst(String instanceId) implements GroupRequest {}

  record SetHealth(String instanceId, boolean healthy, boolean respectGrace)
      implements GroupRequest {}

  record Protect(List<String> instanceIds, boolean on) implements GroupRequest {}

  record EnterStandby(List<String> instanceIds, boolean decrement) implements GroupRequest {}

  record ExitStandby(List<String> instanceIds) implements GroupRequest {}

  record Detach(List<String> instanceIds, boolean decrement) implements GroupRequest {}

  /** Takes running instances in. */
  record Attach(List<Joining> instances) implements GroupRequest {
    public record Joining(String instanceId, String zone, String instanceType) {}
  }

  record AttachTargets(List<String> arns) implements GroupRequest {}

  record DetachTargets(List<String> arns) implements GroupRequest {}

  record Suspend(List<String> processes) implements GroupRequest {}

  record Resume(List<String> processes) implements GroupRequest {}

  record SetTags(List<GroupTag> set, List<String> removed) implements GroupRequest {}

  record PutHook(Hook hook) implements GroupRequest {}

  record DeleteHook(String name) implements GroupRequest {}

  /** A word for a waiting member, which is told by its token or its id. */
  record CompleteHook(String hook, Optional<String> token, Optional<String> instanceId, boolean go)
      implements GroupRequest {}

  record Heartbeat(String hook, Optional<String> token, Optional<String> instanceId)
      implements GroupRequest {}

  record PutSchedules(List<Schedule> schedules) implements GroupRequest {}

  record DeleteSchedule(String name) implements GroupRequest {}

  record PutPolicy(ScalingPolicy policy) implements GroupRequest {}

  record DeletePolicy(String name) implements GroupRequest {}

  record ExecutePolicy(
      String name, boolean honorCooldown, Optional<Double> metric, Optional<Double> threshold)
      implements GroupRequest {}

  record StartRefresh(String id, Refresh.Preferences preferences, Optional<LaunchSource> source)
      implements GroupRequest {}

  record CancelRefresh() implements GroupRequest {}

  record RollbackRefresh() implements GroupRequest {}

  /** What the members' processors were busy with: target tracking decides. */
  record CpuMeasured(Map<String, Double> percent) implements GroupRequest {
    public CpuMeasured {
      percent = Map.copyOf(percent);
    }
  }
}
