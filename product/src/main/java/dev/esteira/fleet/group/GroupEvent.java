package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.util.Optional;

/** What happens to a group: requests, and what the world tells. */
public sealed interface GroupEvent
    permits GroupRequest,
        GroupEvent.Launched,
        GroupEvent.LaunchFailed,
        GroupEvent.Seen,
        GroupEvent.TargetSeen,
        GroupEvent.Found,
        GroupEvent.Woke {
  /** The instance of a slot is there. */
  record Launched(long slot, String instanceId, String zone, String instanceType, LaunchedWith with)
      implements GroupEvent {}

  record LaunchFailed(long slot, String why) implements GroupEvent {}

  /** How an instance is now; terminated also when it is not known any more. */
  record Seen(String instanceId, Instances.State state, boolean healthy) implements GroupEvent {}

  /** How a target is now; empty when it is no target any more. */
  record TargetSeen(String instanceId, String arn, Optional<Targets.Health> health)
      implements GroupEvent {}

  /** An instance runs that was launched for this group; the group may know nothing of it. */
  record Found(String instanceId) implements GroupEvent {}

  record Woke() implements GroupEvent {}
}
