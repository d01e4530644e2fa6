package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to a running house by its REST door, with the administrator's token. HttpURLConnection,
 * because it starts faster than the newer client and a command makes one or two calls.
 */
final class HouseClient {
  private static final int CONNECT_LIMIT_MILLIS = 5_000;
  private static final int READ_LIMIT_MILLIS = 120_000;

  private final String base;
  private final String token;

  HouseClient(Home home) {
    this.base = Endpoints.require(home).console();
    try {
      this.token = Files.readString(home.adminToken()).strip();
    } catch (IOException e) {
      throw EsteiraException.internal("could not read " + home.adminToken(), e);
    }
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  JsonNode get(String path) {
    return call("GET", path, null);
  }

  JsonNode post(String path, Object body) {
    return call("POST", path, body);
  }

  JsonNode delete(String path) {
    return call("DELETE", path, null);
  }

  /** Reads newline-delimited JSON until the house ends it. */
  void stream(String method, String path, @Nullable Object body, Consumer<JsonNode> each) {
    HttpURLConnection connection = open(method, path, body);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(answer(connection), StandardCharsets.UTF_8), 1 << 16)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          each.accept(Json.parse(line));
        }
      }
    } catch (IOException e) {
      throw EsteiraException.unavailable("the answer of " + base + path + " broke off", e);
    }
  }

  /** Writes what the house answers to a file, replacing it. */
  void download(String path, Path file) {
    HttpURLConnection connection = open("GET", path, null);
    try (InputStream in = answer(connection)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw EsteiraException.unavailable("could not write " + file + ": " + e, e);
    }
  }

  String token() {
    return token;
  }

  private JsonNode call(String method, String path, @Nullable Object body) {
    HttpURLConnection connection = open(method, path, body);
    try (InputStream in = answer(connection)) {
      byte[] bytes = in.readAllBytes();
      return bytes.length == 0 ? Json.object() : Json.parse(bytes);
    } catch (IOException e) {
      throw EsteiraException.unavailable("could not read the answer of " + base + path, e);
    }
  }

  private HttpURLConnection open(String method, String path, @Nullable Object body) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(base + path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout(CONNECT_LIMIT_MILLIS);
      connection.setReadTimeout(READ_LIMIT_MILLIS);
      connection.setRequestProperty("Authorization", "Bearer " + token);
      if (body != null) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
          out.write(Json.write(body).getBytes(StandardCharsets.UTF_8));
        }
      }
      return connection;
    } catch (IOException e) {
      throw new EsteiraException(
          ErrorCode.UNAVAILABLE,
          "could not reach the house at " + base,
          "./esteira status, or ./esteira up",
          e);
    }
  }

  private InputStream answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status < 400) {
      return connection.getInputStream();
    }
    InputStream in = connection.getErrorStream();
    String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    throw failure(status, text);
  }

  private static EsteiraException failure(int status, String text) {
    if (text.startsWith("{")) {
      JsonNode error = Json.parse(text).path("error");
      for (ErrorCode code : ErrorCode.values()) {
        if (code.wire().equals(error.path("code").asText())) {
          return new EsteiraException(
              code, error.path("message").asText(), error.path("next").asText(), null);
        }
      }
    }
    return EsteiraException.internal("the house answered " + status + ": " + text.strip(), null);
  }
}
