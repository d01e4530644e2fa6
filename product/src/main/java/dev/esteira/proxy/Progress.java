package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The stream of JSON messages that {@code docker} shows as progress. The answer begins with the
 * first message; a failure after it is a message too.
 */
final class Progress {
  private final Exchange exchange;

  Progress(Exchange exchange) {
    this.exchange = exchange;
  }

  /** A line of its own. */
  void status(String text) {
    send(Json.object().put("status", text));
  }

  /** The state of one layer or tag. */
  void status(String id, String text) {
    ObjectNode message = Json.object().put("status", text);
    message.putObject("progressDetail");
    send(message.put("id", id));
  }

  void aux(JsonNode value) {
    ObjectNode message = Json.object();
    message.putObject("progressDetail");
    message.set("aux", value);
    send(message);
  }

  void stream(String text) {
    send(Json.object().put("stream", text));
  }

  void failed(String text) {
    ObjectNode message = Json.object();
    message.putObject("errorDetail").put("message", text);
    send(message.put("error", text));
  }

  void send(JsonNode message) {
    try {
      if (!exchange.committed()) {
        exchange.status(200).set("Content-Type", "application/json");
      }
      exchange.out().write((Json.write(message) + "\r\n").getBytes(StandardCharsets.UTF_8));
      exchange.out().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the client has gone", e);
    }
  }
}
