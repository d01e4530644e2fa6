package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.control.RolloutMachine.Command;
import dev.esteira.cluster.control.RolloutMachine.Progress;
import dev.esteira.cluster.control.RolloutMachine.SetView;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutMachineTest {
  private static final RolloutMachine.Spec SPEC =
      new RolloutMachine.Spec(3, false, 1, 1, 60, false, 1);

  private final RolloutMachine machine = new RolloutMachine();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private RolloutMachine.State state = RolloutMachine.State.initial(now);

  private List<Command> step(RolloutMachine.Spec spec, SetView... sets) {
    var step = machine.step(state, new RolloutMachine.Observed(spec, List.of(sets)), now);
    state = step.state();
    return step.commands().stream().filter(c -> !(c instanceof RolloutMachine.CheckAt)).toList();
  }

  private static SetView set(String name, long revision, boolean current, int wanted, int up) {
    return new SetView(name, revision, current, wanted, wanted, 0, up, up);
  }

  @Test
  void aNewDeploymentGetsAllItsPodsAtOnce() {
    assertEquals(List.of(new RolloutMachine.Create(3, 1)), step(SPEC));
    assertEquals(Progress.PROGRESSING, state.progress());
    assertEquals(List.of(), step(SPEC, set("a", 1, true, 3, 3)));
    assertEquals(Progress.COMPLETE, state.progress());
  }

  @Test
  void aRollingUpdateSurgesThenTakesOldOnesAsNewOnesCome() {
    assertEquals(List.of(new RolloutMachine.Create(1, 2)), step(SPEC, set("a", 1, false, 3, 3)));
    assertEquals(
        List.of(new RolloutMachine.Scale("a", 2)),
        step(SPEC, set("a", 1, false, 3, 3), set("b", 2, true, 1, 0)));
    assertEquals(
        List.of(new RolloutMachine.Scale("b", 2)),
        step(SPEC, set("a", 1, false, 2, 2), set("b", 2, true, 1, 0)));
    assertEquals(List.of(), step(SPEC, set("a", 1, false, 2, 2), set("b", 2, true, 2, 0)));
    assertEquals(
        List.of(new RolloutMachine.Scale("a", 0)),
        step(SPEC, set("a", 1, false, 2, 2), set("b", 2, true, 2, 2)));
  }

  @Test
  void aCrashingVersionNeverTakesTheOldOneAway() {
    RolloutMachine.Spec spec = new RolloutMachine.Spec(2, false, 1, 0, 60, false, 10);
    SetView[] stuck = {set("a", 1, false, 2, 2), set("b", 2, true, 1, 0)};
    assertEquals(List.of(), step(spec, stuck));
    now = now.plusSeconds(59);
    assertEquals(List.of(), step(spec, stuck));
    assertEquals(Progress.PROGRESSING, state.progress());
    now = now.plusSeconds(3);
    assertEquals(List.of(), step(spec, stuck));
    assertEquals(Progress.TIMED_OUT, state.progress());
    // And progress after all ends the time-out
    step(spec, set("a", 1, false, 2, 2), set("b", 2, true, 1, 1));
    assertEquals(Progress.PROGRESSING, state.progress());
  }

  @Test
  void goingBackTakesTheOldSetWithANewRevision() {
    List<Command> commands = step(SPEC, set("a", 1, true, 0, 0), set("b", 2, false, 3, 3));
    assertEquals(new RolloutMachine.SetRevision("a", 3), commands.getFirst());
  }

  @Test
  void pausedOnlyScales() {
    RolloutMachine.Spec paused = new RolloutMachine.Spec(5, false, 1, 1, 60, true, 10);
    assertEquals(List.of(new RolloutMachine.Scale("a", 5)), step(paused, set("a", 1, false, 3, 3)));
    assertEquals(Progress.PAUSED, state.progress());
  }

  @Test
  void oldSetsBeyondTheHistoryAreForgotten() {
    assertEquals(
        List.of(new RolloutMachine.Delete("a")),
        step(SPEC, set("a", 1, false, 0, 0), set("b", 2, false, 0, 0), set("c", 3, true, 3, 3)));
  }

  @Test
  void percentagesRoundAsKubernetesDoes() {
    JsonNode deployment = Json.parse("{\"spec\":{\"replicas\":3}}");
    assertEquals(1, DeploymentController.spec(deployment).maxSurge());
    assertEquals(0, DeploymentController.spec(deployment).maxUnavailable());
    JsonNode zero =
        Json.parse(
            "{\"spec\":{\"replicas\":3,\"strategy\":{\"rollingUpdate\":"
                + "{\"maxSurge\":0,\"maxUnavailable\":\"10%\"}}}}");
    assertEquals(1, DeploymentController.spec(zero).maxUnavailable());
  }
}
