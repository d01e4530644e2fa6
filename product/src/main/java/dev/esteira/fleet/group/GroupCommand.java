package dev.esteira.fleet.group;

import dev.esteira.store.Timer;
import java.time.Instant;
import java.util.Map;

/** What a group's hands do. */
sealed interface GroupCommand {
  /** Launches the instance of a slot, or finds the one that was. */
  record Launch(
      long slot,
      String token,
      LaunchSource source,
      String subnet,
      String zone,
      Map<String, String> tags)
      implements GroupCommand {
    public Launch {
      tags = Map.copyOf(tags);
    }
  }

  record Terminate(String instanceId, String reason) implements GroupCommand {}

  record Register(String instanceId, String arn) implements GroupCommand {}

  record Deregister(String instanceId, String arn) implements GroupCommand {}

  /** Brings the elastic address of one instance to another, if it has one. */
  record MoveAddress(String from, String to) implements GroupCommand {}

  /** Reads how the instance is, and tells. */
  record Look(String instanceId) implements GroupCommand {}

  /** Makes the group's mark on an instance that came, or takes it from one that left. */
  record Mark(String instanceId, Map<String, String> tags, boolean member) implements GroupCommand {
    public Mark {
      tags = Map.copyOf(tags);
    }
  }

  record Note(Activity activity) implements GroupCommand {}

  /** Nothing is left of a deleted group. */
  record Forget() implements GroupCommand {}

  record Wake(Instant due) implements GroupCommand, Timer<GroupEvent> {
    @Override
    public String timer() {
      return "wake";
    }

    @Override
    public GroupEvent event() {
      return new GroupEvent.Woke();
    }
  }
}
