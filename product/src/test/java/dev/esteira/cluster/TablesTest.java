package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private static String row(Kind kind, String object) {
    ObjectNode table =
        Table.of(kind).json(List.of(json(object)), Json.object(), o -> Json.object(), NOW);
    StringBuilder cells = new StringBuilder();
    JsonNode row = table.path("rows").get(0).path("cells");
    row.forEach(c -> cells.append(cells.isEmpty() ? "" : " ").append(c.asText()));
    assertEquals(table.path("columnDefinitions").size(), row.size());
    return cells.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "119,119s",
    "120,2m",
    "135,2m15s",
    "600,10m",
    "10799,179m",
    "10800,3h",
    "18000,5h",
    "20000,5h33m",
    "100000,27h",
    "200000,2d7h",
    "1000000,11d",
    "70000000,2y80d"
  })
  void agesAreShort(long seconds, String text) {
    assertEquals(text, Age.of(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'phase': 'Pending'}|Pending",
        "{'phase': 'Running', 'containerStatuses': [{'ready': true, 'state': {'running': {}}}]}"
            + "|Running",
        "{'phase': 'Pending', 'containerStatuses': [{'state': {'waiting': {'reason':"
            + " 'ImagePullBackOff'}}}]}|ImagePullBackOff",
        "{'phase': 'Failed', 'containerStatuses': [{'state': {'terminated': {'exitCode': 3}}}]}"
            + "|ExitCode:3",
        "{'phase': 'Succeeded', 'containerStatuses': [{'state': {'terminated': {'reason':"
            + " 'Completed'}}}]}|Completed"
      })
  void theStatusOfAPodIsToldFromItsContainers(String status, String text) {
    ObjectNode pod = json("{'metadata': {'name': 'a'}, 'spec': {}, 'status': " + status + "}");

    assertEquals(text, PodTable.status(pod));
  }

  @Test
  void aPodThatIsBeingDeletedIsTerminating() {
    assertEquals(
        "Terminating",
        PodTable.status(json("{'metadata': {'deletionTimestamp': 'x'}, 'status': {}}")));
  }

  @Test
  void aPodShowsReadinessAndRestarts() {
    assertEquals(
        "a 1/1 Running 2 (60s ago) 24h 10.0.0.1 here <none> <none>",
        row(
            Kind.POD,
            """
            {'metadata': {'name': 'a', 'creationTimestamp': '2026-01-01T00:00:00Z'},
             'spec': {'nodeName': 'here', 'containers': [{'name': 'web'}]},
             'status': {'phase': 'Running', 'podIP': '10.0.0.1', 'containerStatuses': [
               {'ready': true, 'restartCount': 2, 'state': {'running': {}},
                'lastState': {'terminated': {'finishedAt': '2026-01-01T23:59:00Z'}}}]}}
            """));
  }

  @Test
  void aServiceShowsItsAddresses() {
    assertEquals(
        "web LoadBalancer 10.96.0.1 10.77.1.1 80:30000/TCP 24h app=web",
        row(
            Kind.SERVICE,
            """
            {'metadata': {'name': 'web', 'creationTimestamp': '2026-01-01T00:00:00Z'},
             'spec': {'type': 'LoadBalancer', 'clusterIP': '10.96.0.1', 'selector': {'app': 'web'},
                      'ports': [{'port': 80, 'nodePort': 30000, 'protocol': 'TCP'}]},
             'status': {'loadBalancer': {'ingress': [{'ip': '10.77.1.1'}]}}}
            """));
  }

  @Test
  void aDeploymentShowsHowFarItIs() {
    assertEquals(
        "web 1/2 2 1 24h web app:1 app=web",
        row(
            Kind.DEPLOYMENT,
            """
            {'metadata': {'name': 'web', 'creationTimestamp': '2026-01-01T00:00:00Z'},
             'spec': {'replicas': 2, 'selector': {'matchLabels': {'app': 'web'}},
                      'template': {'spec': {'containers': [{'name': 'web', 'image': 'app:1'}]}}},
             'status': {'readyReplicas': 1, 'updatedReplicas': 2, 'availableReplicas': 1}}
            """));
  }

  @Test
  void everyKindHasARowForAnObjectThatSaysNothing() {
    for (Kind kind : Kind.values()) {
      row(kind, "{'metadata': {'name': 'x'}, 'count': 1}");
    }
  }
}
