package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.deployment;
import static dev.esteira.cluster.TestingObjects.named;
import static dev.esteira.cluster.TestingObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.store.TestingLedger;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectsTest {
  private final TestingAddresses addresses = new TestingAddresses();
  private final LedgerObjects objects =
      (LedgerObjects) Objects.over(new TestingLedger(), InstantSource.system(), addresses);

  private static String version(ObjectNode object) {
    return Trees.text(object, "metadata", "resourceVersion");
  }

  private static ApiException.Reason reasonOf(Runnable call) {
    return assertThrows(ApiException.class, call::run).reason();
  }

  @Test
  void aNewClusterHasItsNamespacesAndTheirServiceAccounts() {
    assertEquals(2, objects.list(Kind.NAMESPACE, Optional.empty()).size());
    assertTrue(objects.get(Kind.SERVICE_ACCOUNT, "default", "default").isPresent());
    assertTrue(objects.get(Kind.SERVICE_ACCOUNT, "kube-system", "default").isPresent());
  }

  @Test
  void whatIsMadeReadsBackWithIdentityAndVersion() {
    ObjectNode made = objects.create(Kind.DEPLOYMENT, deployment("web"));

    ObjectNode read = objects.get(Kind.DEPLOYMENT, "default", "web").orElseThrow();
    assertEquals(made, read);
    assertFalse(Trees.uid(read).isEmpty());
    assertEquals(1, Trees.number(read, "metadata", "generation"));
    assertEquals(Long.toString(objects.revision()), version(read));
  }

  @Test
  void theSameNameAgainAlreadyExists() {
    objects.create(Kind.DEPLOYMENT, deployment("web"));

    assertEquals(
        ApiException.Reason.ALREADY_EXISTS,
        reasonOf(() -> objects.create(Kind.DEPLOYMENT, deployment("web"))));
  }

  @Test
  void aNamespaceMustExist() {
    ObjectNode lost = deployment("web");
    Trees.metadata(lost).put("namespace", "nowhere");

    ApiException failure =
        assertThrows(ApiException.class, () -> objects.create(Kind.DEPLOYMENT, lost));

    assertEquals("namespaces \"nowhere\" not found", failure.text());
  }

  @Test
  void anUpdateWithAnOldVersionConflicts() {
    ObjectNode first = objects.create(Kind.DEPLOYMENT, deployment("web"));
    ObjectNode second = first.deepCopy();
    Trees.object(second, "spec").put("replicas", 5);
    ObjectNode updated = objects.update(Kind.DEPLOYMENT, second);

    assertEquals(2, Trees.number(updated, "metadata", "generation"));
    Trees.object(first, "spec").put("replicas", 7);
    assertEquals(
        ApiException.Reason.CONFLICT, reasonOf(() -> objects.update(Kind.DEPLOYMENT, first)));
  }

  @Test
  void aChangeOfNothingKeepsTheVersion() {
    ObjectNode made = objects.create(Kind.DEPLOYMENT, deployment("web"));

    assertEquals(version(made), version(objects.update(Kind.DEPLOYMENT, made.deepCopy())));
  }

  @Test
  void specAndStatusAreWrittenApart() {
    ObjectNode made = objects.create(Kind.DEPLOYMENT, deployment("web"));
    Trees.object(made, "status").put("replicas", 3);
    Trees.object(made, "spec").put("replicas", 9);

    ObjectNode afterStatus = objects.updateStatus(Kind.DEPLOYMENT, made);
    assertEquals(3, Trees.number(afterStatus, "status", "replicas"));
    assertEquals(1, Trees.number(afterStatus, "spec", "replicas"));

    Trees.object(afterStatus, "status").put("replicas", 4);
    Trees.object(afterStatus, "spec").put("replicas", 9);
    ObjectNode afterSpec = objects.update(Kind.DEPLOYMENT, afterStatus);
    assertEquals(3, Trees.number(afterSpec, "status", "replicas"));
    assertEquals(9, Trees.number(afterSpec, "spec", "replicas"));
  }

  @Test
  void applyWritesBothAndAgreesWithWhoCameBetween() {
    objects.create(Kind.DEPLOYMENT, deployment("web"));
    boolean[] first = {true};

    Optional<ObjectNode> result =
        objects.apply(
            Kind.DEPLOYMENT,
            "default",
            "web",
            d -> {
              if (first[0]) {
                first[0] = false;
                ObjectNode other = d.deepCopy();
                Trees.object(other, "metadata", "labels").put("between", "yes");
                objects.update(Kind.DEPLOYMENT, other);
              }
              Trees.object(d, "status").put("replicas", 1L);
              Trees.object(d, "spec").put("replicas", 2);
              return d;
            });

    assertEquals("yes", Trees.text(result.orElseThrow(), "metadata", "labels", "between"));
    assertEquals(1, Trees.number(result.get(), "status", "replicas"));
    assertEquals(2, Trees.number(result.get(), "spec", "replicas"));
    assertTrue(objects.apply(Kind.DEPLOYMENT, "default", "gone", d -> d).isEmpty());
  }

  @Test
  void aDryRunKeepsNothing() {
    ObjectNode result = objects.create(Kind.DEPLOYMENT, deployment("web"), true);

    assertEquals("web", Trees.name(result));
    assertTrue(objects.get(Kind.DEPLOYMENT, "default", "web").isEmpty());
  }

  @Test
  void servicesTakeAnAddressAndANodePortAndGiveTheAddressBack() {
    ObjectNode one = objects.create(Kind.SERVICE, service("one", "LoadBalancer"));
    ObjectNode two = objects.create(Kind.SERVICE, service("two", "NodePort"));
    ObjectNode plain = objects.create(Kind.SERVICE, service("plain", "ClusterIP"));

    assertFalse(Trees.text(one, "spec", "clusterIP").isEmpty());
    assertEquals(30000, one.at("/spec/ports/0/nodePort").asInt());
    assertEquals(30001, two.at("/spec/ports/0/nodePort").asInt());
    assertTrue(plain.at("/spec/ports/0/nodePort").isMissingNode());
    assertEquals(3, addresses.held());

    objects.delete(Kind.SERVICE, "default", "one", Deletion.ordinary());
    assertEquals(2, addresses.held());
  }

  @Test
  void aServiceThatIsRefusedTakesNoAddress() {
    objects.create(Kind.SERVICE, service("web", "ClusterIP"));

    reasonOf(() -> objects.create(Kind.SERVICE, service("web", "ClusterIP")));

    assertEquals(1, addresses.held());
  }

  @Test
  void aReplacedServiceKeepsAddressAndNodePort() {
    ObjectNode made = objects.create(Kind.SERVICE, service("web", "LoadBalancer"));

    ObjectNode replaced = objects.update(Kind.SERVICE, service("web", "LoadBalancer"));

    assertEquals(made.at("/spec/clusterIP"), replaced.at("/spec/clusterIP"));
    assertEquals(made.at("/spec/ports"), replaced.at("/spec/ports"));
  }

  @Test
  void headlessServicesHaveNoAddress() {
    ObjectNode headless = service("web", "ClusterIP");
    Trees.object(headless, "spec").put("clusterIP", "None");

    assertEquals("None", Trees.text(objects.create(Kind.SERVICE, headless), "spec", "clusterIP"));
    assertEquals(0, addresses.held());
  }

  @Test
  void generatedNamesDiffer() {
    ObjectNode wanted = named("");
    Trees.metadata(wanted).put("generateName", "c-");

    String first = Trees.name(objects.create(Kind.CONFIG_MAP, wanted));
    String second = Trees.name(objects.create(Kind.CONFIG_MAP, wanted));

    assertTrue(first.startsWith("c-"));
    assertNotEquals(first, second);
  }

  @Test
  void aWatchTellsWhatHappenedInOrder() throws Exception {
    Objects.Listing start = objects.snapshot(Kind.CONFIG_MAP, Optional.empty());
    objects.create(Kind.CONFIG_MAP, named("a"));
    ObjectNode changed = named("a");
    Trees.object(changed, "data").put("k", "v");
    objects.update(Kind.CONFIG_MAP, changed);
    objects.delete(Kind.CONFIG_MAP, "default", "a", Deletion.ordinary());

    try (Objects.Watch watch = objects.watch(Kind.CONFIG_MAP, start.revision())) {
      assertEquals(Objects.Change.Type.ADDED, watch.next(1_000).orElseThrow().type());
      assertEquals(Objects.Change.Type.MODIFIED, watch.next(1_000).orElseThrow().type());
      Objects.Change last = watch.next(1_000).orElseThrow();
      assertEquals(Objects.Change.Type.DELETED, last.type());
      assertEquals("v", Trees.text(last.object(), "data", "k"));
    }
  }

  @Test
  void aWatchFromBeforeWhatIsKeptHasExpired() {
    Objects small =
        Objects.over(new TestingLedger(2), InstantSource.system(), new TestingAddresses());
    for (int i = 0; i < 5; i++) {
      small.create(Kind.CONFIG_MAP, named("a" + i));
    }

    assertEquals(
        ApiException.Reason.EXPIRED, reasonOf(() -> small.watch(Kind.CONFIG_MAP, 1).close()));
  }
}
