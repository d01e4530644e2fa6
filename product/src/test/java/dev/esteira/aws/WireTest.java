package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests and answers in the forms of the models. */
class WireTest {
  private static Protocol.Wire wire(
      String method, String path, Map<String, List<String>> query, String type, String body) {
    return new Protocol.Wire(
        method,
        path,
        query,
        Map.of("content-type", type, "x-amz-target", "X.ListImages"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Protocol.Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void queryFormsBecomeTreesAndTreesBecomeXml() {
    Model sts = Model.load("sts");
    Protocol.Wire wire =
        wire(
            "POST",
            "/",
            Map.of(),
            "application/x-www-form-urlencoded; charset=utf-8",
            "Action=AssumeRole&RoleArn=arn%3Aaws&DurationSeconds=900&RoleSessionName=s"
                + "&PolicyArns.member.1.arn=a&PolicyArns.member.2.arn=b"
                + "&Tags.member.1.Key=k&Tags.member.1.Value=v%20w");
    Protocol protocol = Protocol.of(sts);

    ObjectNode input = protocol.parse(sts, "AssumeRole", wire);
    ObjectNode output = Json.object();
    output.put("Account", "1").put("Arn", "a<b>&");

    assertEquals(Optional.of("AssumeRole"), protocol.operation(sts, wire));
    assertEquals("b", input.path("PolicyArns").path(1).path("arn").asText());
    assertEquals("v w", input.path("Tags").path(0).path("Value").asText());
    String xml = text(protocol.answer(sts, "GetCallerIdentity", output, "r-1"));
    assertTrue(
        xml.contains(
            "<GetCallerIdentityResult><Account>1</Account><Arn>a&lt;b&gt;&amp;</Arn>"
                + "</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId>"),
        xml);
  }

  @Test
  void restPathsChooseOperationsAndFillLabels() {
    Model eks = Model.load("eks");
    Protocol protocol = Protocol.of(eks);
    Protocol.Wire one = wire("GET", "/clusters/my%20one", Map.of(), "", "");
    Protocol.Wire list = wire("GET", "/clusters", Map.of("maxResults", List.of("5")), "", "");

    assertEquals(Optional.of("DescribeCluster"), protocol.operation(eks, one));
    assertEquals("my one", protocol.parse(eks, "DescribeCluster", one).path("name").asText());
    assertEquals(Optional.of("ListClusters"), protocol.operation(eks, list));
    assertEquals("5", protocol.parse(eks, "ListClusters", list).path("maxResults").asText());
    assertEquals(
        Optional.empty(),
        protocol.operation(eks, wire("PUT", "/nothing/here/at/all/x", Map.of(), "", "")));
  }

  @Test
  void timesAreSecondsInJsonAndErrorsHaveTheStatusOfTheModel() {
    Model eks = Model.load("eks");
    Protocol protocol = Protocol.of(eks);
    ObjectNode output = Json.object();
    output.putObject("cluster").put("createdAt", "2026-01-01T00:00:00.250Z").put("other", 1);

    assertEquals(
        "{\"cluster\":{\"createdAt\":1767225600.250}}",
        text(protocol.answer(eks, "DescribeCluster", output, "r")));
    Protocol.Answer error =
        protocol.error(eks, new AwsException("ResourceNotFoundException", 400, "none"), "r");
    assertEquals(404, error.status());
    assertEquals("ResourceNotFoundException", error.headers().get("x-amzn-ErrorType"));
  }

  @Test
  void jsonBodiesThatAreBrokenAreAClientsError() {
    Model ecr = Model.load("ecr");
    Protocol.Wire wire = wire("POST", "/", Map.of(), "application/x-amz-json-1.1", "{nope");

    AwsException error =
        assertThrows(AwsException.class, () -> Protocol.of(ecr).parse(ecr, "ListImages", wire));

    assertEquals("SerializationException", error.code());
  }
}
