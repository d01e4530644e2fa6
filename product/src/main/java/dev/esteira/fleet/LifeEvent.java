package dev.esteira.fleet;

import dev.esteira.net.vpc.Vpcs;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens to an instance. */
sealed interface LifeEvent {
  /** How an init ended: of itself in one of two ways, or it was killed. */
  enum End {
    CRASH,
    POWEROFF,
    REBOOT
  }

  /** It has its interface. */
  record Claimed(Vpcs.Interface network) implements LifeEvent {}

  /** Its init runs and its interface is plugged in. */
  record Booted(int boot) implements LifeEvent {}

  /** It could not be started, and will not be tried again. */
  record BootFailed(int boot, String why) implements LifeEvent {}

  record InitEnded(int boot, End end) implements LifeEvent {}

  record StopAsked(String reason) implements LifeEvent {}

  record StartAsked() implements LifeEvent {}

  record RebootAsked() implements LifeEvent {}

  record TerminateAsked(String reason) implements LifeEvent {}

  /** Its container and those that it started have ended. */
  record Halted(int boot) implements LifeEvent {}

  /** Its end, or its halt, was tried too often; it is tried again after a while. */
  record EndFailed() implements LifeEvent {}

  /** The while has passed. */
  record EndAgain() implements LifeEvent {}

  /** Nothing of it is left on the machine. */
  record Cleared() implements LifeEvent {}

  /** The house has come up again: whatever should run is made sure of. */
  record HouseStarted() implements LifeEvent {}

  record Tagged(Map<String, String> set, List<String> removed) implements LifeEvent {
    public Tagged {
      set = Map.copyOf(set);
      removed = List.copyOf(removed);
    }
  }

  /** It is in other security groups now. */
  record Secured(Vpcs.Interface network) implements LifeEvent {}

  record Changed(LiveInstances.Setup settings) implements LifeEvent {}

  /** Its type or user data, changed while it is stopped. */
  record Redone(Instances.Template template) implements LifeEvent {}

  /** Its instance profile is another one now, or none. */
  record Profiled(Optional<String> profile) implements LifeEvent {}

  /** It has been listed as terminated for long enough. */
  record Expired() implements LifeEvent {}
}
