package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.Map;

/** Errors of services whose model is not here, in the shape that the request's form suggests. */
final class UnknownService {
  private UnknownService() {}

  static Protocol.Answer answer(
      String service, Protocol.Wire wire, AwsException error, String requestId) {
    String type = wire.headers().getOrDefault("content-type", "");
    if (type.startsWith("application/x-amz-json") || wire.headers().containsKey("x-amz-target")) {
      ObjectNode body = Json.object();
      body.put("__type", error.code()).put("message", error.text());
      return new Protocol.Answer(
          error.status(), "application/x-amz-json-1.1", Map.of(), JsonTrees.bytes(body));
    }
    if (service.equals("ec2")) {
      Xml xml = new Xml();
      xml.open("Response").open("Errors").open("Error");
      xml.text("Code", error.code()).text("Message", error.text());
      xml.close("Error").close("Errors").text("RequestID", requestId).close("Response");
      return new Protocol.Answer(error.status(), "text/xml", Map.of(), xml.bytes());
    }
    if (service.equals("s3")) {
      Xml xml = new Xml();
      xml.open("Error").text("Code", error.code()).text("Message", error.text());
      xml.text("RequestId", requestId).close("Error");
      return new Protocol.Answer(error.status(), "application/xml", Map.of(), xml.bytes());
    }
    if (type.startsWith("application/x-www-form-urlencoded")
        || wire.query().containsKey("Action")) {
      return new Protocol.Answer(
          error.status(), "text/xml", Map.of(), QueryProtocol.errorXml("", error, requestId));
    }
    ObjectNode body = Json.object();
    body.put("message", error.text());
    return new Protocol.Answer(
        error.status(),
        "application/json",
        Map.of("x-amzn-ErrorType", error.code()),
        JsonTrees.bytes(body));
  }
}
