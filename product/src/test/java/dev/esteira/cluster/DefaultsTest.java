package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.deployment;
import static dev.esteira.cluster.TestingObjects.json;
import static dev.esteira.cluster.TestingObjects.named;
import static dev.esteira.cluster.TestingObjects.pod;
import static dev.esteira.cluster.TestingObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {
  private static ObjectNode made(Kind kind, ObjectNode object) {
    return Creation.prepare(kind, object, "uid-1", Instant.EPOCH);
  }

  @Test
  void aDeploymentGetsItsRolloutRules() {
    ObjectNode made = made(Kind.DEPLOYMENT, deployment("web"));

    assertEquals(1, made.at("/spec/replicas").asInt());
    assertEquals(10, made.at("/spec/revisionHistoryLimit").asInt());
    assertEquals(600, made.at("/spec/progressDeadlineSeconds").asInt());
    assertEquals("RollingUpdate", made.at("/spec/strategy/type").asText());
    assertEquals("25%", made.at("/spec/strategy/rollingUpdate/maxSurge").asText());
    assertEquals("Always", made.at("/spec/template/spec/restartPolicy").asText());
    assertEquals(30, made.at("/spec/template/spec/terminationGracePeriodSeconds").asInt());
    assertTrue(made.at("/spec/template/spec/serviceAccountName").isMissingNode());
  }

  @Test
  void aRecreateStrategyGetsNoShares() {
    ObjectNode wanted = deployment("web");
    Trees.object(wanted, "spec", "strategy").put("type", "Recreate");

    assertFalse(made(Kind.DEPLOYMENT, wanted).at("/spec/strategy").has("rollingUpdate"));
  }

  @ParameterizedTest
  @CsvSource({
    "app,Always",
    "app:latest,Always",
    "app:1,IfNotPresent",
    "host:5000/app,Always",
    "host:5000/app:2,IfNotPresent",
    "app@sha256:abc,IfNotPresent"
  })
  void theTagDecidesThePullPolicy(String image, String policy) {
    assertEquals(policy, PodDefaults.pullPolicy(image));
  }

  @Test
  void aPodGetsAccountProbesAndQuality() {
    ObjectNode wanted = pod("a");
    ObjectNode container = Trees.objects(wanted, "spec", "containers").get(0);
    container.set("readinessProbe", json("{'httpGet': {'port': 8000}}"));
    container.set("resources", json("{'limits': {'cpu': 1, 'memory': '64Mi'}}"));

    ObjectNode made = made(Kind.POD, wanted);

    assertEquals("default", made.at("/spec/serviceAccountName").asText());
    assertEquals("Pending", made.at("/status/phase").asText());
    assertEquals("Guaranteed", made.at("/status/qosClass").asText());
    assertEquals("1", made.at("/spec/containers/0/resources/requests/cpu").asText());
    ObjectNode probe = (ObjectNode) made.at("/spec/containers/0/readinessProbe");
    assertEquals(
        json(
            "{'httpGet': {'port': 8000, 'path': '/', 'scheme': 'HTTP'}, 'timeoutSeconds': 1,"
                + " 'periodSeconds': 10, 'successThreshold': 1, 'failureThreshold': 3}"),
        probe);
  }

  @Test
  void volumesWithoutASourceAreEmptyDirectories() {
    ObjectNode wanted = pod("a");
    Trees.object(wanted, "spec")
        .set(
            "volumes",
            json("{'v': [{'name': 'x'}, {'name': 's'," + " 'secret': {'secretName': 'q'}}]}")
                .get("v"));

    ObjectNode made = made(Kind.POD, wanted);

    assertTrue(made.at("/spec/volumes/0/emptyDir").isObject());
    assertEquals(420, made.at("/spec/volumes/1/secret/defaultMode").asInt());
  }

  @Test
  void aServiceGetsTypeAndTargetPort() {
    ObjectNode wanted = service("web", "LoadBalancer");

    ObjectNode made = made(Kind.SERVICE, wanted);

    assertEquals(80, made.at("/spec/ports/0/targetPort").asInt());
    assertEquals("TCP", made.at("/spec/ports/0/protocol").asText());
    assertEquals("None", made.at("/spec/sessionAffinity").asText());
    assertEquals("Cluster", made.at("/spec/externalTrafficPolicy").asText());
    assertTrue(made.at("/status/loadBalancer").isObject());
  }

  @Test
  void textsOfASecretBecomeData() {
    ObjectNode wanted = named("s");
    Trees.object(wanted, "stringData").put("user", "ana");

    ObjectNode made = made(Kind.SECRET, wanted);

    assertEquals("YW5h", made.at("/data/user").asText());
    assertFalse(made.has("stringData"));
    assertEquals("Opaque", made.at("/type").asText());
  }
}
