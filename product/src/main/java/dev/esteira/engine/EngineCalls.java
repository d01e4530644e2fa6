package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * JSON calls of the Engine API: the version in the path, a limit on the wait, and statuses turned
 * into values or {@link EsteiraException}.
 */
final class EngineCalls implements AutoCloseable {
  /** What the newest engine is asked in; engines say what they speak, the lesser is used. */
  private static final String VERSION_MAX = "1.47";

  private static final int CALL_SECONDS_MAX = 120;
  private static final int ANSWER_BYTES_MAX = 64 << 20;
  private static final ScheduledThreadPoolExecutor LIMITS = limits();

  private final HttpClient http;
  private volatile @Nullable String version;

  EngineCalls(Path socket, long connectMillisMax) {
    this.http = new HttpClient(socket, connectMillisMax);
  }

  private static ScheduledThreadPoolExecutor limits() {
    var executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("engine-limits").factory());
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /** What a call answered: its status and its JSON, or a missing node. */
  record Reply(int status, JsonNode body) {
    String message() {
      String message = body.path("message").asText("");
      return message.isEmpty() ? "status " + status : message;
    }
  }

  Engine.Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, InputStream body) {
    return http.send(method, versioned(path), headers, body);
  }

  Engine.Hijacked hijack(
      String method, String path, List<Map.Entry<String, String>> headers, byte[] body) {
    return http.hijack(method, versioned(path), headers, body);
  }

  private String versioned(String path) {
    return path.equals("/_ping") ? path : "/v" + apiVersion() + path;
  }

  /** The API version that both sides speak, asked for once. */
  String apiVersion() {
    String known = version;
    if (known == null) {
      Reply reply = exchange("GET", "/version", null, CALL_SECONDS_MAX);
      if (reply.status() != 200) {
        throw failed("GET", "/version", reply);
      }
      known = lesser(reply.body().path("ApiVersion").asText("1.41"), VERSION_MAX);
      version = known;
    }
    return known;
  }

  static String lesser(String one, String other) {
    return minor(one) <= minor(other) ? one : other;
  }

  private static int minor(String version) {
    String digits = version.startsWith("1.") ? version.substring(2) : "";
    if (!digits.matches("[0-9]{1,4}")) {
      throw EsteiraException.unavailable(
          "the engine speaks API version '" + version + "', but Esteira knows 1.x only", null);
    }
    return Integer.parseInt(digits);
  }

  /** Calls, and expects one of these statuses. */
  Reply call(String method, String path, @Nullable JsonNode body, Set<Integer> expected) {
    return call(method, path, body, expected, CALL_SECONDS_MAX);
  }

  Reply call(
      String method, String path, @Nullable JsonNode body, Set<Integer> expected, int seconds) {
    Reply reply = exchange(method, versioned(path), body, seconds);
    if (!expected.contains(reply.status())) {
      throw failed(method, path, reply);
    }
    return reply;
  }

  JsonNode get(String path) {
    return call("GET", path, null, Set.of(200)).body();
  }

  /** Empty when the engine answers 404. */
  Optional<JsonNode> find(String path) {
    Reply reply = call("GET", path, null, Set.of(200, 404));
    return reply.status() == 404 ? Optional.empty() : Optional.of(reply.body());
  }

  private Reply exchange(String method, String path, @Nullable JsonNode body, int seconds) {
    byte[] bytes = body == null ? new byte[0] : Json.write(body).getBytes(StandardCharsets.UTF_8);
    List<Map.Entry<String, String>> headers =
        List.of(
            Map.entry("Content-Type", "application/json"),
            Map.entry("Content-Length", Integer.toString(bytes.length)));
    try (Limit _ = limit(seconds);
        Engine.Answer answer =
            http.send(
                method,
                path,
                body == null && method.equals("GET") ? List.of() : headers,
                new ByteArrayInputStream(bytes))) {
      byte[] text = readAll(answer, method, path);
      return new Reply(answer.status(), json(text));
    }
  }

  private static byte[] readAll(Engine.Answer answer, String method, String path) {
    try {
      byte[] bytes = answer.in().readNBytes(ANSWER_BYTES_MAX);
      if (bytes.length == ANSWER_BYTES_MAX) {
        throw EsteiraException.limit(
            "the engine's answer to " + method + " " + path + " exceeds " + ANSWER_BYTES_MAX);
      }
      return bytes;
    } catch (IOException e) {
      throw broken(method, path, e);
    }
  }

  private static JsonNode json(byte[] text) {
    if (text.length == 0) {
      return Json.mapper().missingNode();
    }
    try {
      return Json.mapper().readTree(text);
    } catch (IOException e) {
      String shown = new String(text, 0, Math.min(text.length, 300), StandardCharsets.UTF_8);
      return Json.object().put("message", shown.strip());
    }
  }

  /**
   * Sends a body and reads the stream of JSON messages that answers it; an {@code error} among them
   * is thrown.
   */
  void stream(
      String path,
      List<Map.Entry<String, String>> headers,
      InputStream body,
      Consumer<JsonNode> message) {
    try (Engine.Answer answer = send("POST", path, headers, body)) {
      if (answer.status() != 200) {
        byte[] text = readAll(answer, "POST", path);
        throw failed("POST", path, new Reply(answer.status(), json(text)));
      }
      try (MappingIterator<JsonNode> messages =
          Json.mapper().readerFor(JsonNode.class).readValues(answer.in())) {
        while (messages.hasNextValue()) {
          JsonNode next = messages.nextValue();
          if (next.hasNonNull("error")) {
            throw EsteiraException.invalid(
                "asked the engine POST " + path + ", but " + next.path("error").asText());
          }
          message.accept(next);
        }
      }
    } catch (IOException e) {
      throw broken("POST", path, e);
    }
  }

  static EsteiraException broken(String method, String path, IOException e) {
    return EsteiraException.unavailable(
        "asked the engine " + method + " " + path + ", but its answer broke off: " + e.getMessage(),
        e);
  }

  static EsteiraException failed(String method, String path, Reply reply) {
    ErrorCode code =
        switch (reply.status()) {
          case 400 -> ErrorCode.INVALID;
          case 401, 403 -> ErrorCode.FORBIDDEN;
          case 404 -> ErrorCode.NOT_FOUND;
          case 409 -> ErrorCode.CONFLICT;
          case 503 -> ErrorCode.UNAVAILABLE;
          default -> ErrorCode.INTERNAL;
        };
    return new EsteiraException(
        code, "asked the engine " + method + " " + path + ", but " + reply.message());
  }

  /** A value for a query or for one segment of a path. */
  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** An image reference within a path: its slashes stay. */
  static String encodePath(String reference) {
    return encode(reference).replace("%2F", "/").replace("%3A", ":").replace("%40", "@");
  }

  static String query(Map<String, String> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach((name, value) ->
        query
            .append(query.isEmpty() ? "?" : "&")
            .append(encode(name))
            .append('=')
            .append(encode(value)));
    return query.toString();
  }

  /** Interrupts the caller when the time is over, unless closed before. */
  interface Limit extends AutoCloseable {
    @Override
    void close();
  }

  private static Limit limit(int seconds) {
    Thread caller = Thread.currentThread();
    Object lock = new Object();
    boolean[] over = new boolean[2];
    ScheduledFuture<?> alarm =
        LIMITS.schedule(
            () -> {
              synchronized (lock) {
                if (!over[0]) {
                  over[1] = true;
                  caller.interrupt();
                }
              }
            },
            seconds,
            TimeUnit.SECONDS);
    return () -> {
      alarm.cancel(false);
      synchronized (lock) {
        over[0] = true;
        if (over[1]) {
          Thread.interrupted();
        }
      }
    };
  }

  /** Runs an action after a time unless the result is closed before. */
  static Limit after(long seconds, Runnable action) {
    ScheduledFuture<?> alarm = LIMITS.schedule(action, seconds, TimeUnit.SECONDS);
    return () -> alarm.cancel(false);
  }

  @Override
  public void close() {
    http.close();
  }
}
