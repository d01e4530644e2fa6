package dev.esteira.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.net.vpc.Vpcs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What groups rely on; every implementation of {@link Instances} passes it. */
public abstract class InstancesContract {
  /** The instances under test. */
  protected abstract Instances instances();

  /** An image that boots. */
  protected abstract String imageId();

  protected final Instances.Launch launch(String token, String image) {
    return new Instances.Launch(
        token,
        "group/web",
        new Instances.Template(
            image,
            "t3.micro",
            Optional.empty(),
            "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8),
            Optional.empty(),
            false,
            new Vpcs.Wanted(Optional.empty(), List.of(), Optional.empty(), Optional.empty())),
        Map.of("Name", "web"));
  }

  /** Waits until an instance is as wanted. */
  protected final Instance await(String id, State state) throws InterruptedException {
    return Awaiting.until(
        () -> instances().instance(id).orElseThrow(), now -> now.state() == state);
  }

  @Test
  void oneTokenMakesOneInstanceThatRunsAndIsHealthy() throws InterruptedException {
    Instance first = instances().launch(launch("t/1", imageId()));
    Instance again = instances().launch(launch("t/1", imageId()));
    Instance running = await(first.id(), State.RUNNING);

    assertEquals(first.id(), again.id());
    assertTrue(first.id().startsWith("i-"));
    assertTrue(running.healthy());
    assertEquals("group/web", running.launchedBy());
    assertEquals("web", running.tags().get("Name"));
    assertEquals(1, instances().all().stream().filter(i -> i.id().equals(first.id())).count());
  }

  @Test
  void anUnknownImageIsNotFound() {
    EsteiraException refused =
        assertThrows(EsteiraException.class, () -> instances().launch(launch("t/2", "nonsense")));
    assertEquals(ErrorCode.NOT_FOUND, refused.code());
  }

  @Test
  void terminatingIsIdempotentAndTheEndedStaysListed() throws InterruptedException {
    String id = instances().launch(launch("t/3", imageId())).id();
    await(id, State.RUNNING);

    instances().terminate(id, "Client.UserInitiatedShutdown: test");
    Instance ended = await(id, State.TERMINATED);
    instances().terminate(id, "Client.UserInitiatedShutdown: again");

    assertTrue(ended.endedAt().isPresent());
    assertTrue(instances().all().stream().anyMatch(i -> i.id().equals(id)));
    EsteiraException unknown =
        assertThrows(
            EsteiraException.class, () -> instances().terminate("i-0000000000000dead", "x"));
    assertEquals(ErrorCode.NOT_FOUND, unknown.code());
  }

  @Test
  void listenersHearOfEveryState() throws InterruptedException {
    List<State> heard = new CopyOnWriteArrayList<>();
    List<String> ids = new CopyOnWriteArrayList<>();
    instances()
        .onChange(instance -> {
          if (ids.contains(instance.id())) {
            heard.add(instance.state());
          }
        });
    String id = instances().launch(launch("t/4", imageId())).id();
    ids.add(id);
    await(id, State.RUNNING);
    instances().terminate(id, "Client.UserInitiatedShutdown: test");
    await(id, State.TERMINATED);

    Awaiting.until(() -> heard.contains(State.TERMINATED));
  }

  @Test
  void tagsAreSetAndRemoved() throws InterruptedException {
    String id = instances().launch(launch("t/5", imageId())).id();
    await(id, State.RUNNING);

    instances().tag(id, Map.of("a", "1"), List.of("Name"));

    assertEquals(Map.of("a", "1"), instances().instance(id).orElseThrow().tags());
  }
}
