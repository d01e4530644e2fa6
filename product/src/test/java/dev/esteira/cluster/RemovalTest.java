package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.deployment;
import static dev.esteira.cluster.TestingObjects.named;
import static dev.esteira.cluster.TestingObjects.ownedBy;
import static dev.esteira.cluster.TestingObjects.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.store.TestingLedger;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemovalTest {
  private final TestingAddresses addresses = new TestingAddresses();
  private final Objects objects =
      Objects.over(new TestingLedger(), InstantSource.system(), addresses);

  private ObjectNode runningPod(String name) {
    ObjectNode pod = pod(name);
    Trees.object(pod, "spec").put("nodeName", "here");
    return pod;
  }

  /** A Deployment, its ReplicaSet and a running pod, each owned by the one before. */
  private void rollout() {
    ObjectNode deployment = objects.create(Kind.DEPLOYMENT, deployment("web"));
    ObjectNode set = objects.create(Kind.REPLICA_SET, ownedBy(deployment, deployment("web-1")));
    objects.create(Kind.POD, ownedBy(set, runningPod("web-1-a")));
  }

  private boolean exists(Kind kind, String name) {
    return objects.get(kind, "default", name).isPresent();
  }

  private Optional<ObjectNode> delete(Kind kind, String name, Deletion.Propagation propagation) {
    return objects.delete(kind, "default", name, Deletion.ordinary().propagate(propagation));
  }

  @Test
  void aRunningPodIsAskedToEndAndGoesWhenItsRunnerSaysSo() {
    objects.create(Kind.POD, runningPod("a"));

    objects.delete(Kind.POD, "default", "a", Deletion.ordinary());
    ObjectNode ending = objects.get(Kind.POD, "default", "a").orElseThrow();
    assertTrue(Trees.metadata(ending).hasNonNull("deletionTimestamp"));
    assertEquals(30, Trees.number(ending, "metadata", "deletionGracePeriodSeconds"));

    objects.delete(Kind.POD, "default", "a", Deletion.now());
    assertFalse(exists(Kind.POD, "a"));
  }

  @Test
  void aPodThatRunsNowhereGoesAtOnce() {
    objects.create(Kind.POD, pod("a"));

    objects.delete(Kind.POD, "default", "a", Deletion.ordinary());

    assertFalse(exists(Kind.POD, "a"));
  }

  @Test
  void inTheBackgroundTheOwnerGoesFirst() {
    rollout();

    delete(Kind.DEPLOYMENT, "web", Deletion.Propagation.BACKGROUND);

    assertFalse(exists(Kind.DEPLOYMENT, "web"));
    assertFalse(exists(Kind.REPLICA_SET, "web-1"));
    ObjectNode pod = objects.get(Kind.POD, "default", "web-1-a").orElseThrow();
    assertTrue(Trees.metadata(pod).hasNonNull("deletionTimestamp"));
  }

  @Test
  void inTheForegroundTheOwnerWaitsForTheLastPod() {
    rollout();

    delete(Kind.DEPLOYMENT, "web", Deletion.Propagation.FOREGROUND);
    assertTrue(exists(Kind.DEPLOYMENT, "web"));
    assertTrue(exists(Kind.REPLICA_SET, "web-1"));

    objects.delete(Kind.POD, "default", "web-1-a", Deletion.now());
    assertFalse(exists(Kind.REPLICA_SET, "web-1"));
    assertFalse(exists(Kind.DEPLOYMENT, "web"));
  }

  @Test
  void orphansStayWithoutAnOwner() {
    rollout();

    delete(Kind.DEPLOYMENT, "web", Deletion.Propagation.ORPHAN);

    ObjectNode set = objects.get(Kind.REPLICA_SET, "default", "web-1").orElseThrow();
    assertFalse(Trees.metadata(set).has("ownerReferences"));
  }

  @Test
  void aNamespaceTakesItsContentAlongAndWaitsForItsPods() {
    objects.create(Kind.NAMESPACE, named("team"));
    ObjectNode map = named("settings");
    Trees.metadata(map).put("namespace", "team");
    objects.create(Kind.CONFIG_MAP, map);
    ObjectNode pod = runningPod("a");
    Trees.metadata(pod).put("namespace", "team");
    objects.create(Kind.POD, pod);

    objects.delete(Kind.NAMESPACE, "", "team", Deletion.ordinary());
    ObjectNode ending = objects.get(Kind.NAMESPACE, "", "team").orElseThrow();
    assertEquals("Terminating", Trees.text(ending, "status", "phase"));
    assertTrue(objects.list(Kind.CONFIG_MAP, Optional.of("team")).isEmpty());
    ApiException refused =
        assertThrows(ApiException.class, () -> objects.create(Kind.CONFIG_MAP, map));
    assertEquals(ApiException.Reason.FORBIDDEN, refused.reason());

    objects.delete(Kind.POD, "team", "a", Deletion.now());
    assertTrue(objects.get(Kind.NAMESPACE, "", "team").isEmpty());
  }

  @Test
  void theDefaultNamespaceStays() {
    ApiException failure =
        assertThrows(
            ApiException.class,
            () -> objects.delete(Kind.NAMESPACE, "", "default", Deletion.ordinary()));

    assertEquals(
        "namespaces \"default\" is forbidden: this namespace may not be deleted", failure.text());
  }

  @Test
  void aFinalizerHoldsAnObjectUntilItIsRemoved() {
    ObjectNode map = named("held");
    Trees.metadata(map).putArray("finalizers").add("example.com/hold");
    objects.create(Kind.CONFIG_MAP, map);

    objects.delete(Kind.CONFIG_MAP, "default", "held", Deletion.ordinary());
    assertTrue(exists(Kind.CONFIG_MAP, "held"));

    objects.apply(
        Kind.CONFIG_MAP,
        "default",
        "held",
        m -> {
          Trees.metadata(m).remove("finalizers");
          return m;
        });
    assertFalse(exists(Kind.CONFIG_MAP, "held"));
  }

  @Test
  void aStoppedPodWaitsForItsFinalizer() {
    ObjectNode pod = runningPod("a");
    Trees.metadata(pod).putArray("finalizers").add("example.com/hold");
    objects.create(Kind.POD, pod);
    objects.delete(Kind.POD, "default", "a", Deletion.ordinary());
    objects.apply(
        Kind.POD,
        "default",
        "a",
        p -> {
          Trees.object(p, "metadata", "labels").put("seen", "yes");
          return p;
        });
    objects.delete(Kind.POD, "default", "a", Deletion.now());
    assertTrue(exists(Kind.POD, "a"));

    objects.apply(
        Kind.POD,
        "default",
        "a",
        p -> {
          Trees.metadata(p).remove("finalizers");
          return p;
        });
    assertFalse(exists(Kind.POD, "a"));
  }

  @Test
  void aServiceHeldByAFinalizerGivesItsAddressBackAtItsEnd() {
    ObjectNode service = TestingObjects.service("web", "ClusterIP");
    Trees.metadata(service).putArray("finalizers").add("example.com/hold");
    objects.create(Kind.SERVICE, service);
    objects.delete(Kind.SERVICE, "default", "web", Deletion.ordinary());
    assertEquals(1, addresses.held());

    objects.apply(
        Kind.SERVICE,
        "default",
        "web",
        s -> {
          Trees.metadata(s).remove("finalizers");
          return s;
        });
    assertEquals(0, addresses.held());
  }

  @Test
  void aDeletionThatMeansAnotherObjectConflicts() {
    objects.create(Kind.CONFIG_MAP, named("a"));

    ApiException failure =
        assertThrows(
            ApiException.class,
            () ->
                objects.delete(
                    Kind.CONFIG_MAP, "default", "a", Deletion.ordinary().ifUid("other")));

    assertEquals(ApiException.Reason.CONFLICT, failure.reason());
  }
}
