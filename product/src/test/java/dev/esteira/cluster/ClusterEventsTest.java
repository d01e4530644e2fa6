package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.store.TestingLedger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterEventsTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Objects objects =
      Objects.over(new TestingLedger(), () -> now, new TestingAddresses());
  private final ClusterEvents events = ClusterEvents.over(objects, () -> now);

  private List<ObjectNode> all() {
    return objects.list(Kind.EVENT, Optional.of("default"));
  }

  @Test
  void theSameEventAgainIsCounted() {
    ObjectNode pod = objects.create(Kind.POD, pod("a"));
    events.record(ClusterEvents.Type.WARNING, pod, "kubelet", "BackOff", "again");
    now = now.plusSeconds(5);
    events.record(ClusterEvents.Type.WARNING, pod, "kubelet", "BackOff", "again");
    events.record(ClusterEvents.Type.NORMAL, pod, "kubelet", "Pulled", "image");

    ObjectNode backOff =
        all().stream().filter(e -> Trees.text(e, "reason").equals("BackOff")).findAny().get();
    assertEquals(2, all().size());
    assertEquals(2, Trees.number(backOff, "count"));
    assertEquals("2026-01-01T00:00:05Z", Trees.text(backOff, "lastTimestamp"));
    assertEquals("2026-01-01T00:00:00Z", Trees.text(backOff, "firstTimestamp"));
    assertEquals(Trees.uid(pod), Trees.text(backOff, "involvedObject", "uid"));
  }

  @Test
  void aNamespaceKeepsABoundedNumber() {
    ObjectNode pod = objects.create(Kind.POD, pod("a"));
    for (int i = 0; i < 1_100; i++) {
      now = now.plusSeconds(1);
      events.record(ClusterEvents.Type.NORMAL, pod, "test", "Tick", "number " + i);
    }

    assertEquals(1_000, all().size());
  }

  @Test
  void anEventAboutAPlaceThatIsGoneIsIgnored() {
    ObjectNode pod = pod("a");
    Trees.metadata(pod).put("namespace", "gone");

    events.record(ClusterEvents.Type.NORMAL, pod, "test", "Tick", "text");

    assertEquals(List.of(), objects.list(Kind.EVENT, Optional.of("gone")));
  }
}
