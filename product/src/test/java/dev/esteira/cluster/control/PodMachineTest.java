package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.control.PodState.Exit;
import dev.esteira.cluster.control.PodState.Stage;
import dev.esteira.cluster.control.PodState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodMachineTest {
  private final PodMachine machine = new PodMachine();
  private final List<PodCommand> commands = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private PodState state = begin("{\"containers\":[{\"name\":\"app\",\"image\":\"a\"}]}");

  private PodState begin(String spec) {
    JsonNode pod = Json.parse("{\"metadata\":{\"name\":\"p\"},\"spec\":" + spec + "}");
    var step = machine.begin(PodSpecs.begin(pod, now), now);
    commands.clear();
    commands.addAll(step.commands());
    return step.state();
  }

  private void tell(PodEvent event) {
    var step = machine.step(state, event, now);
    state = step.state();
    commands.clear();
    commands.addAll(step.commands());
  }

  private void after(Duration time) {
    now = now.plus(time);
    tell(new PodEvent.Tick());
  }

  private Status status(String container) {
    return state.container(container).orElseThrow().status();
  }

  private String waiting(String container) {
    return status(container) instanceof Status.Waiting w
        ? w.reason()
        : status(container).toString();
  }

  private void run(String container, int attempt) {
    if (!(state.sandbox() instanceof PodState.Sandbox.Up)) {
      tell(new PodEvent.SandboxUp(state.sandbox().attempt(), "holder", "10.0.0.1"));
    }
    tell(new PodEvent.ImageReady(container, attempt, "sha256:i", "sha256:d"));
    tell(new PodEvent.Started(container, attempt, "id" + attempt, now));
  }

  private void exit(String container, int attempt, int code, Duration ran) {
    now = now.plus(ran);
    String reason = code == 0 ? "Completed" : "Error";
    tell(
        new PodEvent.Exited(
            container, attempt, new Exit("id", code, reason, "", now.minus(ran), now)));
  }

  @Test
  void imageAndNetworkAreFetchedAtTheSameTime() {
    assertEquals(
        List.of(new PodCommand.MakeSandbox(0), new PodCommand.EnsureImage("app", 0, 0)), commands);
    tell(new PodEvent.ImageReady("app", 0, "i", "d"));
    assertEquals(List.of(), commands);
    tell(new PodEvent.SandboxUp(0, "h", "10.0.0.1"));
    assertTrue(commands.contains(new PodCommand.Run("app", 0, "i", "h")), commands::toString);
  }

  @Test
  void theFirstCrashRestartsAtOnceAndLaterOnesBackOff() {
    run("app", 0);
    exit("app", 0, 1, Duration.ofSeconds(1));
    assertEquals(List.of(new PodCommand.Run("app", 1, "sha256:i", "holder")), commands);
    tell(new PodEvent.Started("app", 1, "id1", now));
    for (int seconds : List.of(10, 20, 40, 80, 160, 300, 300)) {
      int attempt = state.container("app").orElseThrow().attempt();
      exit("app", attempt, 1, Duration.ofSeconds(1));
      assertEquals("CrashLoopBackOff", waiting("app"));
      after(Duration.ofSeconds(seconds - 1));
      assertEquals("CrashLoopBackOff", waiting("app"));
      after(Duration.ofSeconds(1));
      assertInstanceOf(Status.Starting.class, status("app"), "after " + seconds);
      tell(new PodEvent.Started("app", attempt + 1, "id", now));
    }
    // A long run makes it young again
    int attempt = state.container("app").orElseThrow().attempt();
    exit("app", attempt, 1, Duration.ofMinutes(11));
    assertInstanceOf(Status.Starting.class, status("app"));
  }

  @Test
  void aPullThatFailsShowsItsReasonThenBacksOff() {
    tell(new PodEvent.ImageFailed("app", 0, "ErrImagePull", "manifest unknown", true));
    assertEquals("ErrImagePull", waiting("app"));
    assertEquals("Pending", state.phase());
    after(Duration.ofSeconds(2));
    assertEquals("ImagePullBackOff", waiting("app"));
    tell(new PodEvent.ImagesChanged());
    assertEquals(List.of(new PodCommand.EnsureImage("app", 0, 1)), commands);
    tell(new PodEvent.ImageFailed("app", 0, "InvalidImageName", "bad", false));
    after(Duration.ofHours(1));
    assertEquals("InvalidImageName", waiting("app"));
  }

  @Test
  void initContainersRunOneAfterTheOther() {
    state =
        begin(
            "{\"initContainers\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
                + "\"containers\":[{\"name\":\"app\"}]}");
    run("a", 0);
    assertInstanceOf(Status.Idle.class, status("b"));
    exit("a", 0, 0, Duration.ofSeconds(1));
    run("b", 0);
    assertInstanceOf(Status.Idle.class, status("app"));
    exit("b", 0, 0, Duration.ofSeconds(1));
    run("app", 0);
    assertTrue(state.ready());
  }

  @Test
  void endsForGoodByItsRestartPolicy() {
    state = begin("{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"app\"}]}");
    run("app", 0);
    exit("app", 0, 2, Duration.ofSeconds(1));
    assertEquals("Failed", state.phase());
    assertEquals(Stage.FINISHED, state.stage());
    assertEquals(List.of(new PodCommand.RemoveSandbox(0)), commands);
    state = begin("{\"restartPolicy\":\"OnFailure\",\"containers\":[{\"name\":\"app\"}]}");
    run("app", 0);
    exit("app", 0, 0, Duration.ofSeconds(1));
    assertEquals("Succeeded", state.phase());
  }

  @Test
  void aDeletedPodIsDrainedThenStoppedThenRemoved() {
    run("app", 0);
    tell(new PodEvent.Delete(30));
    assertEquals(List.of(new PodCommand.Drain(15_000)), commands);
    assertEquals(false, state.ready());
    tell(new PodEvent.Drained());
    assertEquals(List.of(new PodCommand.Stop("app", 0, "id0", 15)), commands);
    exit("app", 0, 143, Duration.ofSeconds(1));
    assertEquals(List.of(new PodCommand.Remove()), commands);
    tell(new PodEvent.Removed());
    assertEquals(List.of(new PodCommand.Forget()), commands);
  }

  @Test
  void aForcedDeletionWaitsForNothing() {
    run("app", 0);
    tell(new PodEvent.Delete(0));
    assertEquals(List.of(new PodCommand.Remove()), commands);
  }

  @Test
  void aLostNetworkBringsTheContainersAgainWithoutBackOff() {
    run("app", 0);
    tell(new PodEvent.SandboxGone(0));
    assertTrue(commands.stream().anyMatch(c -> c instanceof PodCommand.Stop), commands::toString);
    exit("app", 0, 137, Duration.ofSeconds(1));
    assertTrue(commands.contains(new PodCommand.MakeSandbox(1)), commands::toString);
    tell(new PodEvent.SandboxUp(1, "other", "10.0.0.2"));
    assertTrue(
        commands.contains(new PodCommand.Run("app", 1, "sha256:i", "other")), commands::toString);
    assertEquals("10.0.0.2", state.address());
  }

  @Test
  void probesDecideReadinessAndRestarts() {
    state =
        begin("{\"containers\":[{\"name\":\"app\",\"startupProbe\":{},\"readinessProbe\":{}}]}");
    run("app", 0);
    tell(new PodEvent.Readiness("app", 0, true));
    assertEquals(false, state.ready());
    tell(new PodEvent.StartupPassed("app", 0));
    assertEquals(false, state.ready());
    tell(new PodEvent.Readiness("app", 0, true));
    assertEquals(true, state.ready());
    tell(new PodEvent.Unhealthy("app", 0, "Container app failed liveness probe"));
    assertEquals(false, state.ready());
    assertEquals(List.of(new PodCommand.Stop("app", 0, "id0", 30)), commands);
  }

  @Test
  void whatTheLedgerKeepsReadsBackTheSame() {
    run("app", 0);
    exit("app", 0, 1, Duration.ofSeconds(1));
    tell(new PodEvent.Started("app", 1, "id1", now));
    exit("app", 1, 1, Duration.ofSeconds(1));
    PodActor.Stored stored = new PodActor.Stored("ns", "p", state);
    assertEquals(stored, Json.read(Json.write(stored), PodActor.Stored.class));
  }

  @Test
  void theStatusSaysWhatKubernetesWouldSay() {
    run("app", 0);
    exit("app", 0, 1, Duration.ofSeconds(1));
    tell(new PodEvent.Started("app", 1, "id1", now));
    exit("app", 1, 137, Duration.ofSeconds(1));
    JsonNode pod =
        Json.parse(
            "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"uid\":\"u\"},"
                + "\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"r/a:1\"}]}}");
    JsonNode status = PodStatus.of(state, pod, "10.77.0.1", now);
    assertEquals("Running", status.path("phase").asText());
    assertEquals("10.0.0.1", status.path("podIP").asText());
    JsonNode container = status.at("/containerStatuses/0");
    assertEquals(
        "back-off 10s restarting failed container=app pod=p_n(u)",
        container.at("/state/waiting/message").asText());
    assertEquals(137, container.at("/lastState/terminated/exitCode").asInt());
    assertEquals(2, container.path("restartCount").asInt());
    assertEquals("docker-pullable://r/a@sha256:d", container.path("imageID").asText());
    assertEquals("BestEffort", status.path("qosClass").asText());
  }
}
