package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtoObjectsTest {
  /** What kubectl 1.32 sends for {@code create ns foo}. */
  private static final String NAMESPACE =
      "6b3873000a0f0a0276311209"
          + "4e616d6573706163"
          + "65121b0a130a03666f6f12001a0022002a0032003800420012001a020a001a002200";

  @Test
  void aRecordedNamespaceReadsAsItsJson() {
    assertEquals(
        json(
            "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': 'foo'}, 'spec': {},"
                + " 'status': {}}"),
        Trees.normal(ProtoObjects.decode(HexFormat.of().parseHex(NAMESPACE))));
  }

  @Test
  void zeroStaysWhereItIsNotTheSameAsUnset() {
    // DeploymentSpec: replicas is 1, minReadySeconds 5; both are zero here.
    byte[] spec = {0x08, 0x00, 0x28, 0x00};
    byte[] message = {0x12, 0x04, spec[0], spec[1], spec[2], spec[3]};

    assertEquals(
        json("{'spec': {'replicas': 0}}"),
        Trees.normal(ProtoFields.message(Schema.get().of(Kind.DEPLOYMENT), message)));
  }

  @Test
  void inlinedMessagesBecomeFieldsOfTheirOwner() {
    // IntOrString of type 1 is a text.
    ProtoMessage port = new ProtoMessage().flag(1, true).text(3, "http");
    ProtoMessage probe =
        new ProtoMessage().message(1, new ProtoMessage().message(3, tcpSocket(port)));
    ProtoMessage container = new ProtoMessage().text(1, "web").message(11, probe);
    ProtoMessage pod = new ProtoMessage().message(2, new ProtoMessage().message(2, container));

    assertEquals(
        json(
            "{'apiVersion': 'v1', 'kind': 'Pod', 'spec': {'containers': [{'name': 'web',"
                + " 'readinessProbe': {'tcpSocket': {'port': 'http'}}}]}}"),
        ProtoObjects.decode(envelope("v1", "Pod", pod)));
  }

  private static ProtoMessage tcpSocket(ProtoMessage port) {
    return new ProtoMessage().message(1, port);
  }

  @Test
  void bytesThatAreCutOffAreRefused() {
    byte[] whole = HexFormat.of().parseHex(NAMESPACE);
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      try {
        ProtoObjects.decode(part);
      } catch (ApiException e) {
        assertEquals(ApiException.Reason.BAD_REQUEST, e.reason());
        refused++;
      }
    }
    // A cut between two fields is a whole message.
    assertTrue(refused > whole.length - 8, refused + " of " + whole.length);
  }

  private static byte[] envelope(String apiVersion, String kind, ProtoMessage object) {
    ProtoMessage type = new ProtoMessage().text(1, apiVersion).text(2, kind);
    byte[] message = new ProtoMessage().message(1, type).message(2, object).toByteArray();
    byte[] body = new byte[message.length + 4];
    System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, body, 0, 4);
    System.arraycopy(message, 0, body, 4, message.length);
    return body;
  }
}
