package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** JSON calls on the engine; a refusal becomes an {@link EngineError} with the engine's words. */
record EngineCalls(Engine engine) {
  private static final int ANSWER_BYTES_MAX = 64 << 20;
  private static final int MESSAGE_BYTES_MAX = 64 << 10;

  /** GET; 404 is empty. */
  Optional<JsonNode> find(String path) {
    try (Engine.Answer answer = engine.send("GET", path, List.of(), none())) {
      if (answer.status() == 404) {
        return Optional.empty();
      }
      return Optional.of(json(answer));
    }
  }

  JsonNode get(String path) {
    try (Engine.Answer answer = engine.send("GET", path, List.of(), none())) {
      return json(answer);
    }
  }

  /** POST without a body. */
  JsonNode post(String path) {
    try (Engine.Answer answer = engine.send("POST", path, List.of(), none())) {
      return json(answer);
    }
  }

  JsonNode post(String path, JsonNode body) {
    try (Engine.Answer answer = send("POST", path, body)) {
      return json(answer);
    }
  }

  JsonNode delete(String path) {
    try (Engine.Answer answer = engine.send("DELETE", path, List.of(), none())) {
      return json(answer);
    }
  }

  /** Sends a JSON body; the answer is the caller's to judge and close. */
  Engine.Answer send(String method, String path, JsonNode body) {
    byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
    return engine.send(
        method,
        path,
        List.of(
            Map.entry("Content-Type", "application/json"),
            Map.entry("Content-Length", Integer.toString(bytes.length))),
        new ByteArrayInputStream(bytes));
  }

  /** Tags an image of the engine. */
  void tag(String image, String repository, String tag) {
    post("/images/" + image + "/tag?repo=" + encode(repository) + "&tag=" + encode(tag));
  }

  private static JsonNode json(Engine.Answer answer) {
    check(answer);
    try {
      byte[] bytes = answer.in().readNBytes(ANSWER_BYTES_MAX);
      return bytes.length == 0 ? Json.object() : Json.parse(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the engine's answer", e);
    }
  }

  /** Throws what the engine said unless it agreed. */
  static void check(Engine.Answer answer) {
    if (answer.status() >= 400) {
      throw new EngineError(answer.status(), message(answer));
    }
  }

  /** What the engine said of its refusal. */
  static String message(Engine.Answer answer) {
    try {
      String text =
          new String(answer.in().readNBytes(MESSAGE_BYTES_MAX), StandardCharsets.UTF_8).strip();
      return text.startsWith("{") ? Json.parse(text).path("message").asText(text) : text;
    } catch (IOException e) {
      return "the engine refused, and its reason could not be read: " + e.getMessage();
    }
  }

  static InputStream none() {
    return InputStream.nullInputStream();
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** {@code ?a=1&b=2}, or nothing. */
  static String query(List<Map.Entry<String, String>> parameters) {
    StringJoiner query = new StringJoiner("&", "?", "");
    parameters.forEach(p -> query.add(encode(p.getKey()) + "=" + encode(p.getValue())));
    return parameters.isEmpty() ? "" : query.toString();
  }
}
