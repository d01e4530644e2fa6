package dev.esteira.fleet;

import dev.esteira.fleet.Life.Phase;
import dev.esteira.store.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The life of an instance.
 *
 * <pre>
 *  claimed --> pending --> running --> stopping --> stopped --> pending
 *                 |           |            |           |
 *                 +-----------+------------+-----------+--> shutting-down --> terminated --> (gone)
 * </pre>
 *
 * A running one whose init was killed stays running and is unhealthy: what is done about that is a
 * group's decision, or a person's.
 */
final class LifeMachine implements Machine<Life, LifeEvent, LifeCommand> {
  static final Duration LISTED_AFTER_END = Duration.ofHours(1);
  private static final Duration END_AGAIN_AFTER = Duration.ofSeconds(30);
  static final String BY_ITSELF = "Client.InstanceInitiatedShutdown: Instance initiated shutdown";

  @Override
  public Step<Life, LifeCommand> step(Life life, LifeEvent event, Instant now) {
    return switch (event) {
      case LifeEvent.Claimed e -> claimed(life, e);
      case LifeEvent.Booted e -> booted(life, e);
      case LifeEvent.BootFailed e -> bootFailed(life, e);
      case LifeEvent.InitEnded e -> initEnded(life, e);
      case LifeEvent.StopAsked e ->
          life.phase() == Phase.RUNNING ? halt(life.in(Phase.STOPPING, e.reason())) : stay(life);
      case LifeEvent.StartAsked _ -> start(life, now);
      case LifeEvent.RebootAsked _ -> life.phase() == Phase.RUNNING ? reboot(life) : stay(life);
      case LifeEvent.TerminateAsked e ->
          life.ended() || life.phase() == Phase.CLAIMED ? stay(life) : end(life, e.reason());
      case LifeEvent.Halted e ->
          life.phase() == Phase.STOPPING && e.boot() == life.boot()
              ? stay(life.in(Phase.STOPPED, life.reason()).healthy(false))
              : stay(life);
      case LifeEvent.Cleared _ -> cleared(life, now);
      case LifeEvent.EndFailed _ -> endLater(life, now);
      case LifeEvent.EndAgain _ -> resumeEnd(life);
      case LifeEvent.HouseStarted _ -> resume(life);
      case LifeEvent.Tagged e -> stay(life.tagged(tags(life.tags(), e)));
      case LifeEvent.Secured e -> stay(life.ended() ? life : life.on(e.network()));
      case LifeEvent.Changed e -> stay(life.with(e.settings()));
      case LifeEvent.Redone e ->
          stay(life.phase() == Phase.STOPPED ? life.with(e.template()) : life);
      case LifeEvent.Profiled e ->
          stay(life.ended() ? life : life.with(life.template().withProfile(e.profile())));
      case LifeEvent.Expired _ ->
          life.phase() == Phase.TERMINATED
              ? new Step<>(life, List.of(new LifeCommand.Forget()))
              : stay(life);
    };
  }

  private static Step<Life, LifeCommand> stay(Life life) {
    return new Step<>(life, List.of());
  }

  private static Step<Life, LifeCommand> claimed(Life life, LifeEvent.Claimed event) {
    return life.phase() == Phase.CLAIMED
        ? boot(life.on(event.network()).booting(Phase.PENDING))
        : stay(life);
  }

  private static Step<Life, LifeCommand> boot(Life life) {
    return new Step<>(life, List.of(new LifeCommand.Boot(life.boot())));
  }

  private static Step<Life, LifeCommand> halt(Life life) {
    return new Step<>(life, List.of(new LifeCommand.Halt(life.boot())));
  }

  private static Step<Life, LifeCommand> booted(Life life, LifeEvent.Booted event) {
    if (event.boot() != life.boot()) {
      return stay(life);
    }
    return switch (life.phase()) {
      case PENDING -> stay(life.in(Phase.RUNNING, "").healthy(true));
      case RUNNING -> stay(life.healthy(true));
      case CLAIMED, STOPPING, STOPPED, SHUTTING_DOWN, TERMINATED -> stay(life);
    };
  }

  private static Step<Life, LifeCommand> bootFailed(Life life, LifeEvent.BootFailed event) {
    if (event.boot() != life.boot()) {
      return stay(life);
    }
    return switch (life.phase()) {
      case PENDING ->
          life.boot() == 1
              ? end(life, "Server.InternalError: " + event.why())
              : halt(life.in(Phase.STOPPING, "Server.InternalError: " + event.why()));
      case RUNNING -> stay(life.healthy(false));
      case CLAIMED, STOPPING, STOPPED, SHUTTING_DOWN, TERMINATED -> stay(life);
    };
  }

  private static Step<Life, LifeCommand> initEnded(Life life, LifeEvent.InitEnded event) {
    if (event.boot() != life.boot() || life.phase() != Phase.RUNNING) {
      return stay(life);
    }
    return switch (event.end()) {
      case CRASH -> new Step<>(life.healthy(false), List.of(new LifeCommand.Sweep(life.boot())));
      case REBOOT -> reboot(life);
      case POWEROFF ->
          life.settings().endsOnShutdown()
              ? end(life, BY_ITSELF)
              : halt(life.in(Phase.STOPPING, BY_ITSELF));
    };
  }

  private static Step<Life, LifeCommand> start(Life life, Instant now) {
    return life.phase() == Phase.STOPPED
        ? boot(life.booting(Phase.PENDING).launched(now))
        : stay(life);
  }

  private static Step<Life, LifeCommand> reboot(Life life) {
    Life next = life.booting(Phase.RUNNING);
    return new Step<>(
        next, List.of(new LifeCommand.Halt(life.boot()), new LifeCommand.Boot(next.boot())));
  }

  private static Step<Life, LifeCommand> end(Life life, String reason) {
    return new Step<>(
        life.in(Phase.SHUTTING_DOWN, reason).healthy(false), List.of(new LifeCommand.Clear()));
  }

  private static Step<Life, LifeCommand> endLater(Life life, Instant now) {
    return new Step<>(
        life,
        List.of(
            new LifeCommand.Later("again", now.plus(END_AGAIN_AFTER), new LifeEvent.EndAgain())));
  }

  private static Step<Life, LifeCommand> resumeEnd(Life life) {
    return switch (life.phase()) {
      case STOPPING -> halt(life);
      case SHUTTING_DOWN -> new Step<>(life, List.of(new LifeCommand.Clear()));
      case CLAIMED, PENDING, RUNNING, STOPPED, TERMINATED -> stay(life);
    };
  }

  private static Step<Life, LifeCommand> resume(Life life) {
    return switch (life.phase()) {
      case PENDING -> boot(life);
      case RUNNING -> life.healthy() ? boot(life) : stay(life);
      case CLAIMED, STOPPING, STOPPED, SHUTTING_DOWN, TERMINATED -> resumeEnd(life);
    };
  }

  private static Step<Life, LifeCommand> cleared(Life life, Instant now) {
    if (life.phase() != Phase.SHUTTING_DOWN) {
      return stay(life);
    }
    return new Step<>(
        life.in(Phase.TERMINATED, life.reason()).endedAt(now),
        List.of(
            new LifeCommand.Later("expire", now.plus(LISTED_AFTER_END), new LifeEvent.Expired())));
  }

  private static Map<String, String> tags(Map<String, String> now, LifeEvent.Tagged change) {
    Map<String, String> next = new HashMap<>(now);
    change.removed().forEach(next::remove);
    next.putAll(change.set());
    return next;
  }
}
