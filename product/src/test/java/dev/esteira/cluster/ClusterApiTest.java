package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.deployment;
import static dev.esteira.cluster.TestingObjects.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterApiTest {
  private final List<String> told = new ArrayList<>();
  private final TestingCluster cluster =
      new TestingCluster((who, namespace, name) -> told.add(namespace + "/" + name));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private record Answer(int status, ObjectNode body, HttpResponse<String> response) {}

  private Answer call(String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cluster.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), (ObjectNode) Json.parse(response.body()), response);
  }

  private Answer get(String path) throws Exception {
    return call("GET", path, "");
  }

  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @Test
  void whoIsNotKnownIsUnauthorized() throws Exception {
    Answer answer = call("GET", "/api/v1/pods", "", "X-Testing-Principal", "none");

    assertEquals(401, answer.status());
    assertEquals("Unauthorized", answer.body().path("reason").asText());
    assertEquals("Status", answer.body().path("kind").asText());
  }

  @Test
  void podsMayNotReadObjects() throws Exception {
    Answer answer =
        call("GET", "/api/v1/namespaces/default/secrets", "", "X-Testing-Principal", "pods");

    assertEquals(403, answer.status());
    assertEquals(
        "secrets \"\" is forbidden: User \"system:serviceaccount:default:default\" cannot list"
            + " resource \"secrets\" in API group \"\" in the namespace \"default\"",
        answer.body().path("message").asText());
  }

  @Test
  void anUnknownKindIsNotFound() throws Exception {
    Answer answer = get("/apis/apps/v1/controllerrevisions");

    assertEquals(404, answer.status());
    assertEquals(
        "the server could not find the requested resource", answer.body().path("message").asText());
  }

  @Test
  void theHookIsToldBeforeAnAnswerAndOnlyOfNamedDeployments() throws Exception {
    get(DEPLOYMENTS);
    assertEquals(List.of(), told);
    get(DEPLOYMENTS + "/web");
    get(DEPLOYMENTS + "?fieldSelector=metadata.name%3Dlisted");
    call("PATCH", DEPLOYMENTS + "/api", "{}", "Content-Type", Patches.MERGE);

    assertEquals(List.of("default/web", "default/listed", "default/api"), told);
  }

  @Test
  void unknownFieldsAreRefusedStrictlyAndWarnedOfOtherwise() throws Exception {
    ObjectNode wanted = deployment("web");
    Trees.object(wanted, "spec").put("foo", 1);

    Answer strict = call("POST", DEPLOYMENTS + "?fieldValidation=Strict", Json.write(wanted));
    assertEquals(400, strict.status());
    assertEquals(
        "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error:"
            + " unknown field \"spec.foo\"",
        strict.body().path("message").asText());

    Answer warned = call("POST", DEPLOYMENTS, Json.write(wanted));
    assertEquals(201, warned.status());
    assertEquals(
        "299 - \"unknown field \\\"spec.foo\\\"\"",
        warned.response().headers().firstValue("Warning").orElseThrow());
    assertFalse(warned.body().path("spec").has("foo"));
  }

  @Test
  void listsComeInPages() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      cluster.objects.create(Kind.CONFIG_MAP, named(name));
    }

    ObjectNode first = get(MAPS + "?limit=2").body();
    assertEquals(2, first.path("items").size());
    assertEquals(1, first.at("/metadata/remainingItemCount").asInt());
    String next = first.at("/metadata/continue").asText();

    ObjectNode second = get(MAPS + "?limit=2&continue=" + next).body();
    assertEquals("c", second.at("/items/0/metadata/name").asText());
    assertTrue(second.at("/metadata/continue").isMissingNode());
  }

  @Test
  void aWatchStartsWithWhatIsThereAndGoesOn() throws Exception {
    cluster.objects.create(Kind.CONFIG_MAP, named("a"));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    cluster.url() + MAPS + "?watch=1&timeoutSeconds=20&labelSelector=x%3D1,!y"))
            .build();
    HttpRequest all =
        HttpRequest.newBuilder(URI.create(cluster.url() + MAPS + "?watch=1&timeoutSeconds=20"))
            .build();
    try (BufferedReader selected = lines(request);
        BufferedReader everything = lines(all)) {
      assertEquals("ADDED a", event(everything));
      ObjectNode labelled = named("a");
      Trees.object(labelled, "metadata", "labels").put("x", "1");
      cluster.objects.update(Kind.CONFIG_MAP, labelled);
      assertEquals("MODIFIED a", event(everything));
      assertEquals("ADDED a", event(selected));

      Trees.object(labelled, "metadata", "labels").put("y", "1");
      cluster.objects.update(Kind.CONFIG_MAP, labelled);
      assertEquals("DELETED a", event(selected));
    }
  }

  private BufferedReader lines(HttpRequest request) throws Exception {
    return new BufferedReader(
        new InputStreamReader(
            client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(),
            StandardCharsets.UTF_8));
  }

  private static String event(BufferedReader lines) throws Exception {
    String line = lines.readLine();
    while (line.isEmpty()) {
      line = lines.readLine();
    }
    ObjectNode event = (ObjectNode) Json.parse(line);
    return Trees.text(event, "type") + " " + Trees.text(event, "object", "metadata", "name");
  }

  @Test
  void aPatchThatNamesAnOldVersionConflicts() throws Exception {
    cluster.objects.create(Kind.CONFIG_MAP, named("a"));

    Answer answer =
        call(
            "PATCH",
            MAPS + "/a",
            "{\"metadata\":{\"resourceVersion\":\"1\"},\"data\":{\"k\":\"v\"}}",
            "Content-Type",
            Patches.MERGE);

    assertEquals(409, answer.status());
    assertEquals("Conflict", answer.body().path("reason").asText());
  }

  @Test
  void aBodyThatIsNotWhatThePathSaysIsRefused() throws Exception {
    ObjectNode other = named("a");
    Trees.metadata(other).put("namespace", "elsewhere");

    assertEquals(
        "the namespace of the provided object does not match the namespace sent on the request",
        call("POST", MAPS, Json.write(other)).body().path("message").asText());
    assertEquals(400, call("POST", MAPS, "not json").status());
    assertEquals(400, call("POST", MAPS, "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}").status());
    assertEquals(405, call("POST", "/api/v1/configmaps", Json.write(named("a"))).status());
  }

  @Test
  void collectionsAreDeletedBySelector() throws Exception {
    cluster.objects.create(Kind.CONFIG_MAP, named("a"));
    ObjectNode labelled = named("b");
    Trees.object(labelled, "metadata", "labels").put("x", "1");
    cluster.objects.create(Kind.CONFIG_MAP, labelled);

    call("DELETE", MAPS + "?labelSelector=x", "");

    assertTrue(cluster.objects.get(Kind.CONFIG_MAP, "default", "a").isPresent());
    assertTrue(cluster.objects.get(Kind.CONFIG_MAP, "default", "b").isEmpty());
  }
}
