package dev.esteira.fleet;

import dev.esteira.fleet.Invocation.Status;
import dev.esteira.store.Machine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A command on an instance.
 *
 * <pre>
 *  in progress --> success | failed | timed out
 *       +--------> cancelled
 * </pre>
 */
final class InvocationMachine
    implements Machine<Invocation, InvocationMachine.Event, InvocationMachine.Command> {
  /** What happens to it. */
  sealed interface Event {}

  record Asked() implements Event {}

  /** Its script has ended. */
  record Ended(int exitCode, String output, String error) implements Event {}

  /** Its script was stopped at its limit. */
  record Late(String output, String error) implements Event {}

  /** It cannot be told how it ended, or it never began. */
  record Lost(String why) implements Event {}

  record CancelAsked() implements Event {}

  /** What is to be done. */
  sealed interface Command {}

  record Run() implements Command {}

  record Stop() implements Command {}

  @Override
  public Step<Invocation, Command> step(Invocation before, Event event, Instant now) {
    if (before.ended()) {
      return new Step<>(before, List.of());
    }
    return switch (event) {
      case Asked _ -> new Step<>(before, List.of(new Run()));
      case Ended e ->
          end(
              before.ended(
                  e.exitCode() == 0 ? Status.SUCCESS : Status.FAILED,
                  now,
                  Optional.of(e.exitCode()),
                  e.output(),
                  e.error()));
      case Late e ->
          end(before.ended(Status.TIMED_OUT, now, Optional.empty(), e.output(), e.error()));
      case Lost e -> end(before.ended(Status.FAILED, now, Optional.empty(), "", e.why()));
      case CancelAsked _ ->
          new Step<>(
              before.ended(Status.CANCELLED, now, Optional.empty(), "", ""), List.of(new Stop()));
    };
  }

  private static Step<Invocation, Command> end(Invocation after) {
    return new Step<>(after, List.of());
  }
}
