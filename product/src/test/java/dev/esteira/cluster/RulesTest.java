package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.deployment;
import static dev.esteira.cluster.TestingObjects.json;
import static dev.esteira.cluster.TestingObjects.named;
import static dev.esteira.cluster.TestingObjects.pod;
import static dev.esteira.cluster.TestingObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RulesTest {
  private static String refusal(Kind kind, ObjectNode object) {
    return assertThrows(
            ApiException.class, () -> Creation.prepare(kind, object, "u", Instant.EPOCH))
        .text();
  }

  private static ObjectNode container(ObjectNode deployment) {
    return Trees.objects(deployment, "spec", "template", "spec", "containers").get(0);
  }

  @Test
  void aDeploymentWithoutSelectorIsRefused() {
    ObjectNode wanted = deployment("web");
    Trees.object(wanted, "spec").remove("selector");

    assertEquals(
        "Deployment.apps \"web\" is invalid: spec.selector: Required value",
        refusal(Kind.DEPLOYMENT, wanted));
  }

  @Test
  void aSelectorMustMatchItsTemplate() {
    ObjectNode wanted = deployment("web");
    Trees.object(wanted, "spec", "template", "metadata", "labels").put("app", "other");

    assertEquals(
        "Deployment.apps \"web\" is invalid: spec.template.metadata.labels: Invalid value:"
            + " map[string]string{\"app\":\"other\"}: `selector` does not match template `labels`",
        refusal(Kind.DEPLOYMENT, wanted));
  }

  @Test
  void aSelectorNeverChanges() {
    ObjectNode old = Creation.prepare(Kind.DEPLOYMENT, deployment("web"), "u", Instant.EPOCH);
    ObjectNode wanted = Creation.prepare(Kind.DEPLOYMENT, deployment("api"), "u", Instant.EPOCH);

    String text =
        assertThrows(
                ApiException.class, () -> Rules.validate(Kind.DEPLOYMENT, wanted, Optional.of(old)))
            .text();

    assertTrue(text.contains("spec.selector: Invalid value: v1.LabelSelector{"), text);
    assertTrue(text.endsWith("field is immutable"), text);
  }

  @Test
  void anImageIsRequiredAndHasNoBlanksAround() {
    ObjectNode wanted = deployment("web");
    container(wanted).put("image", "");
    assertEquals(
        "Deployment.apps \"web\" is invalid: spec.template.spec.containers[0].image: Required"
            + " value",
        refusal(Kind.DEPLOYMENT, wanted));

    container(wanted).put("image", "app:1\r");
    assertTrue(
        refusal(Kind.DEPLOYMENT, wanted).endsWith("must not have leading or trailing whitespace"));
  }

  @Test
  void everyFieldThatIsWrongIsNamed() {
    ObjectNode wanted = deployment("web");
    container(wanted).put("imagePullPolicy", "Sometimes");
    container(wanted).set("ports", json("{'p': [{'containerPort': 70000}]}").get("p"));
    Trees.object(wanted, "spec").put("replicas", -1);

    ApiException failure =
        assertThrows(
            ApiException.class,
            () -> Creation.prepare(Kind.DEPLOYMENT, wanted, "u", Instant.EPOCH));

    assertEquals(3, failure.causes().size());
    assertTrue(failure.text().contains("is invalid: ["), failure.text());
    assertTrue(
        failure
            .text()
            .contains(
                "containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"));
    assertTrue(
        failure
            .text()
            .contains(
                "Unsupported value: \"Sometimes\": supported values: \"Always\", \"IfNotPresent\","
                    + " \"Never\""));
  }

  @Test
  void namesFollowRfc1123() {
    assertTrue(
        refusal(Kind.CONFIG_MAP, named("My_Map"))
            .contains(
                "metadata.name: Invalid value: \"My_Map\": a lowercase RFC 1123 subdomain must"
                    + " consist of lower case alphanumeric characters, '-' or '.'"));
  }

  @Test
  void servicesNeedPortsInRange() {
    ObjectNode none = service("web", "ClusterIP");
    Trees.object(none, "spec").remove("ports");
    assertEquals(
        "Service \"web\" is invalid: spec.ports: Required value", refusal(Kind.SERVICE, none));

    ObjectNode low = service("web", "NodePort");
    Trees.objects(low, "spec", "ports").get(0).put("nodePort", 80);
    assertTrue(refusal(Kind.SERVICE, low).contains("The range of valid ports is 30000-32767"));
  }

  @Test
  void mountsNeedTheirVolume() {
    ObjectNode wanted = pod("a");
    Trees.objects(wanted, "spec", "containers")
        .get(0)
        .set("volumeMounts", json("{'m': [{'name': 'data', 'mountPath': '/d'}]}").get("m"));

    assertEquals(
        "Pod \"a\" is invalid: spec.containers[0].volumeMounts[0].name: Not found: \"data\"",
        refusal(Kind.POD, wanted));
  }

  @Test
  void requestsStayBelowLimits() {
    ObjectNode wanted = pod("a");
    Trees.objects(wanted, "spec", "containers")
        .get(0)
        .set("resources", json("{'limits': {'cpu': '500m'}, 'requests': {'cpu': '1'}}"));

    assertTrue(
        refusal(Kind.POD, wanted).endsWith("must be less than or equal to cpu limit of 500m"));
  }

  @Test
  void aProbeHasOneHandler() {
    ObjectNode wanted = pod("a");
    ObjectNode container = Trees.objects(wanted, "spec", "containers").get(0);
    container.set("livenessProbe", json("{'periodSeconds': 3}"));

    assertTrue(
        refusal(Kind.POD, wanted)
            .endsWith("livenessProbe: Required value: must specify a handler type"));
  }

  @Test
  void secretsOfATypeNeedItsKeys() {
    ObjectNode wanted = named("s");
    wanted.put("type", "kubernetes.io/dockerconfigjson");

    assertEquals(
        "Secret \"s\" is invalid: data[.dockerconfigjson]: Required value",
        refusal(Kind.SECRET, wanted));
  }

  @Test
  void unknownFieldsAreTakenOutAndNamed() {
    ObjectNode wanted = deployment("web");
    container(wanted).put("imagee", "x");
    Trees.object(wanted, "spec", "spec");

    assertEquals(
        java.util.List.of("spec.template.spec.containers[0].imagee", "spec.spec"),
        FieldCheck.prune(Kind.DEPLOYMENT, wanted));
    assertEquals(deployment("web"), wanted);
  }

  @Test
  void aWrongTypeIsRefusedWithItsPath() {
    ObjectNode wanted = deployment("web");
    Trees.object(wanted, "spec").put("replicas", "two");

    assertEquals(
        "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal"
            + " string into Go struct field DeploymentSpec.spec.replicas of type int32",
        assertThrows(ApiException.class, () -> FieldCheck.prune(Kind.DEPLOYMENT, wanted)).text());
  }
}
