package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContainerPolicyTest {
  private static final ContainerRules RULES =
      new ContainerRules("job/1", "net-of-1", "10.9.8.1", Optional.of("/est"), 1 << 30, 512);

  private final ContainerPolicy policy = new ContainerPolicy(new TestingSandbox(), RULES);

  static Stream<String> refused() throws IOException {
    return lines("/proxy/refused.jsonl");
  }

  static Stream<String> allowed() throws IOException {
    return lines("/proxy/allowed.jsonl");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatReachesTheHostOrAnotherOwnerIsRefused(String line) {
    EngineError error = assertThrows(EngineError.class, () -> create(line));
    assertFalse(error.text().isBlank());
    assertTrue(error.status() >= 400 && error.status() < 500);
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void whatPeopleDoPasses(String line) {
    ObjectNode body = create(line).body();
    JsonNode host = body.path("HostConfig");
    assertEquals("job/1", body.path("Labels").path("dev.esteira.owner").asText());
    assertEquals("est-1-k/app:latest", body.path("Image").asText());
    assertFalse(host.path("Privileged").asBoolean(true));
    assertEquals("/est", host.path("CgroupParent").asText());
    assertTrue(host.path("Memory").asLong() <= RULES.memoryBytesMax());
    assertTrue(host.path("PidsLimit").asLong() <= RULES.pidsMax());
    assertTrue(
        Stream.of("net-of-1", "none", "container:c0ffee")
            .anyMatch(host.path("NetworkMode").asText()::equals));
  }

  @Test
  void theEngineGetsCanonicalKeysAndTheLastOfSeveral() {
    // Given a body whose keys come in several cases
    ObjectNode body =
        create("{\"body\":{\"image\":\"app\",\"CMD\":[\"b\"],\"cmd\":[\"a\"]}}").body();
    // Then the engine's reader can see only what was judged
    assertEquals("est-1-k/app:latest", body.path("Image").asText());
    assertFalse(body.has("image") || body.has("CMD") || body.has("cmd"));
    assertEquals("a", body.path("Cmd").path(0).asText());
  }

  @Test
  void ownNetworksAreJoinedBesidesTheOwnersBridge() {
    ContainerPolicy.Planned planned =
        policy.create(
            Json.parse("{\"Image\":\"app\",\"HostConfig\":{\"NetworkMode\":\"my-net\"}}"),
            Optional.of("web"));
    JsonNode bridge = planned.body().at("/NetworkingConfig/EndpointsConfig/net-of-1");
    assertEquals("[\"web\"]", bridge.path("Aliases").toString());
    assertEquals("{\"est-1-k-my-net\":{\"Aliases\":[\"web\"]}}", Json.write(planned.networks()));
  }

  @Test
  void whoJoinsAnotherContainersNetworkGetsNoNameServerOfItsOwn() {
    ObjectNode body =
        create("{\"body\":{\"Image\":\"app\",\"HostConfig\":{\"NetworkMode\":\"container:mine\"}}}")
            .body();
    assertFalse(body.path("HostConfig").has("Dns"));
  }

  @Test
  void publishedPortsAppearOnTheOwnersGatewayAlone() {
    ObjectNode body =
        create(
                "{\"body\":{\"Image\":\"app\",\"HostConfig\":{\"PortBindings\":"
                    + "{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"}]}}}}")
            .body();
    assertEquals(
        "[{\"HostIp\":\"10.9.8.1\",\"HostPort\":\"8080\"}]",
        body.at("/HostConfig/PortBindings/80~1tcp").toString());
  }

  @Test
  void labelsThatClaimToBeOursAreLeftOut() {
    ObjectNode body =
        create(
                "{\"body\":{\"Image\":\"app\",\"Labels\":"
                    + "{\"dev.esteira.owner\":\"job/2\",\"a\":\"b\"}}}")
            .body();
    assertEquals("{\"a\":\"b\",\"dev.esteira.owner\":\"job/1\"}", body.path("Labels").toString());
  }

  @Test
  void anExecIsNeverPrivileged() {
    assertThrows(
        EngineError.class,
        () -> ContainerPolicy.exec(Json.parse("{\"Cmd\":[\"sh\"],\"privileged\":true}")));
    assertEquals(
        "{\"Cmd\":[\"sh\"]}", ContainerPolicy.exec(Json.parse("{\"cmd\":[\"sh\"]}")).toString());
  }

  @Test
  void anUpdateChangesLimitsAlone() {
    assertEquals(
        "{\"NanoCpus\":5}",
        policy.update(Json.parse("{\"NanoCpus\":5,\"Memory\":0}")).without("PidsLimit").toString());
    assertThrows(EngineError.class, () -> policy.update(Json.parse("{\"CgroupParent\":\"/\"}")));
  }

  private ContainerPolicy.Planned create(String line) {
    return policy.create(Json.parse(line).path("body"), Optional.empty());
  }

  private static Stream<String> lines(String resource) throws IOException {
    try (InputStream in = ContainerPolicyTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
    }
  }
}
