package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.http.Exchange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Carries a call's bytes between client and engine: answers, streams, taken-over connections. */
final class Relay {
  /** Headers that belong to one connection or to us. */
  private static final Set<String> HOP =
      Set.of(
          "connection",
          "transfer-encoding",
          "content-length",
          "keep-alive",
          "date",
          "server",
          "api-version",
          "ostype",
          "docker-experimental",
          "upgrade",
          "host",
          "x-registry-auth",
          "x-registry-config");

  private static final int BUFFER_BYTES = 64 << 10;

  private Relay() {}

  /** Sends the call on and answers with what comes back, as it comes. */
  static void stream(Scope scope, Call call, String path) throws IOException {
    Exchange exchange = call.exchange();
    try (Engine.Answer answer =
        scope.raw().send(exchange.method(), path, requestHeaders(exchange), exchange.in())) {
      if (answer.status() >= 400) {
        EngineCalls.check(answer);
      }
      head(exchange, answer.status(), answer.headers());
      pump(answer.in(), exchange.out());
    }
  }

  /** The same without the client's body, answer translated as one JSON text. */
  static void json(Scope scope, Call call, String path) throws IOException {
    JsonNode answer = scope.engine().get(path);
    call.exchange().json(200, scope.names().outward(answer));
  }

  /** Sends no body on; 204 and other bodiless answers stay what they are. */
  static void command(Scope scope, Call call, String path) throws IOException {
    command(scope, call, path, () -> {});
  }

  /** The same, with something to do once the engine has agreed, before the client knows. */
  static void command(Scope scope, Call call, String path, Runnable done) throws IOException {
    Exchange exchange = call.exchange();
    try (Engine.Answer answer =
        scope.raw().send(exchange.method(), path, List.of(), EngineCalls.none())) {
      EngineCalls.check(answer);
      done.run();
      head(exchange, answer.status(), answer.headers());
      pump(answer.in(), exchange.out());
    }
  }

  /** Hands the connection over: raw bytes both ways until either side has ended. */
  static void hijack(Scope scope, Call call, String path, byte[] body) throws Exception {
    Exchange exchange = call.exchange();
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : exchange.headers()) {
      if (Set.of("upgrade", "connection").contains(header.getKey().toLowerCase(Locale.ROOT))) {
        headers.add(header);
      }
    }
    if (body.length > 0) {
      headers.add(Map.entry("Content-Type", "application/json"));
    }
    try (Engine.Hijacked engine = scope.raw().hijack("POST", path, headers, body)) {
      if (engine.status() >= 400) {
        String text = new String(engine.in().readNBytes(BUFFER_BYTES), StandardCharsets.UTF_8);
        throw new EngineError(
            engine.status(),
            text.startsWith("{") ? Json.parse(text).path("message").asText(text) : text);
      }
      engine.headers().stream()
          .filter(h -> h.getKey().equalsIgnoreCase("Content-Type"))
          .forEach(h -> exchange.set("Content-Type", h.getValue()));
      if (engine.status() == 101) {
        exchange.set("Connection", "Upgrade").set("Upgrade", "tcp");
      }
      try (Exchange.TakenOver client = exchange.takeOver(engine.status())) {
        both(client, engine);
      }
    }
  }

  private static void both(Exchange.TakenOver client, Engine.Hijacked engine) throws Exception {
    Thread input =
        Thread.ofVirtual()
            .name("proxy-stdin")
            .start(() -> {
              try {
                pump(client.in(), engine.out());
                engine.closeOutput();
              } catch (IOException e) {
                // One side has gone; the other direction notices and ends the call.
                engine.close();
              }
            });
    try {
      pump(engine.in(), client.out());
    } catch (IOException e) {
      // The client has gone; there is nobody left to tell.
      return;
    } finally {
      client.close();
      engine.close();
      input.join();
    }
  }

  /** Headers of the engine's answer that are about its content. */
  static void head(Exchange exchange, int status, List<Map.Entry<String, String>> headers)
      throws IOException {
    exchange.status(status);
    for (Map.Entry<String, String> header : headers) {
      if (!HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        exchange.add(header.getKey(), header.getValue());
      }
    }
    if (status != 204 && status != 304) {
      // Clients of wait, events and logs act on the head before there is any body.
      exchange.out().flush();
    }
  }

  /** Headers of the client's call that the engine may see. */
  static List<Map.Entry<String, String>> requestHeaders(Exchange exchange) {
    List<Map.Entry<String, String>> kept = new ArrayList<>();
    for (Map.Entry<String, String> header : exchange.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      boolean framing = name.equals("content-length") || name.equals("transfer-encoding");
      if (framing || name.equals("content-type")) {
        kept.add(header);
      }
    }
    return kept;
  }

  /** Copies until the end, each piece at once: progress and logs are read as they happen. */
  static void pump(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  /** Reads a stream of JSON objects, one a line, and hands each over. */
  static void lines(InputStream in, Consumer<JsonNode> sink) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank()) {
        sink.accept(Json.parse(line));
      }
    }
  }

  /** The message of any failure, as the client may read it. */
  static String message(Throwable failure) {
    return switch (failure) {
      case EngineError error -> error.text();
      case EsteiraException error -> error.text();
      default -> failure.getClass().getSimpleName() + ": " + failure.getMessage();
    };
  }
}
