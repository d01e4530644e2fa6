package dev.esteira.fleet.group;

import dev.esteira.store.Machine;
import dev.esteira.store.MachineHost;
import java.time.Instant;

/**
 * The pure machine of a group: an event changes what is known or wished, then {@link Course} brings
 * the group nearer to its wish. Requests may be refused by an exception; nothing else throws.
 */
final class GroupMachine implements Machine<GroupState, GroupEvent, GroupCommand> {
  static final MachineHost.Types<GroupState, GroupEvent, GroupCommand> TYPES =
      new MachineHost.Types<>(GroupState.class, GroupEvent.class, GroupCommand.class);

  @Override
  public Step<GroupState, GroupCommand> step(GroupState state, GroupEvent event, Instant now) {
    Draft draft = new Draft(state, now);
    switch (event) {
      case GroupRequest request -> new Requests(draft).apply(request);
      case GroupEvent.Launched launched -> Sightings.launched(draft, launched);
      case GroupEvent.LaunchFailed failed -> Sightings.launchFailed(draft, failed);
      case GroupEvent.Seen seen -> Sightings.seen(draft, seen);
      case GroupEvent.TargetSeen seen -> Sightings.targetSeen(draft, seen);
      case GroupEvent.Found found -> Sightings.found(draft, found);
      case GroupEvent.Woke _ -> {}
    }
    new Course(draft).run();
    return new Step<>(draft.state(), draft.commands());
  }
}
