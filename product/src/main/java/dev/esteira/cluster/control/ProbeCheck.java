package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.engine.Engine;
import dev.esteira.names.AnyCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One look at a container, as a probe says: httpGet, tcpSocket or exec. Empty means well, else the
 * text is what failed.
 */
final class ProbeCheck {
  private static final int STATUS_LINE_BYTES_MAX = 256;
  private static final int SHOWN_CHARACTERS_MAX = 200;

  private final Engine engine;
  private final JsonNode container;
  private final String address;

  ProbeCheck(Engine engine, JsonNode container, String address) {
    this.engine = engine;
    this.container = container;
    this.address = address;
  }

  Optional<String> check(JsonNode probe, String containerId, int timeoutMillis) {
    try {
      if (probe.has("httpGet")) {
        return http(probe.path("httpGet"), timeoutMillis);
      }
      if (probe.has("tcpSocket")) {
        int port = port(probe.path("tcpSocket").path("port"));
        return connects(port, timeoutMillis);
      }
      if (probe.has("exec")) {
        return exec(probe.path("exec"), containerId, timeoutMillis);
      }
      return Optional.of("this kind of probe is not supported: httpGet, tcpSocket and exec are");
    } catch (IOException | EsteiraException e) {
      return Optional.of(message(e));
    }
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** A number, or the name of one of the container's ports. */
  int port(JsonNode port) {
    if (port.isInt() || port.asText("").matches("[0-9]{1,5}")) {
      return port.asInt();
    }
    for (JsonNode declared : container.path("ports")) {
      if (declared.path("name").asText("").equals(port.asText(""))) {
        return declared.path("containerPort").asInt();
      }
    }
    throw EsteiraException.invalid(
        "the container has no port of the name '" + port.asText("") + "'");
  }

  Optional<String> connects(int port, int timeoutMillis) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), timeoutMillis);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("dial tcp " + address + ":" + port + ": " + message(e));
    }
  }

  private Optional<String> http(JsonNode get, int timeoutMillis) throws IOException {
    int port = port(get.path("port"));
    String host = get.path("host").asText(address);
    boolean tls = get.path("scheme").asText("HTTP").equals("HTTPS");
    String path = get.path("path").asText("/");
    String url = (tls ? "https" : "http") + "://" + host + ":" + port + path;
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), timeoutMillis);
      plain.setSoTimeout(timeoutMillis);
      Socket socket = tls ? AnyCertificate.over(plain, host, port) : plain;
      socket.getOutputStream().write(request(get, host, port, path));
      socket.getOutputStream().flush();
      int status = status(socket.getInputStream());
      if (status >= 200 && status < 400) {
        return Optional.empty();
      }
      return Optional.of("HTTP probe failed with statuscode: " + status);
    } catch (IOException e) {
      return Optional.of("Get \"" + url + "\": " + message(e));
    }
  }

  private static byte[] request(JsonNode get, String host, int port, String path) {
    StringBuilder head = new StringBuilder();
    head.append("GET ").append(path.startsWith("/") ? path : "/" + path).append(" HTTP/1.1\r\n");
    boolean hasHost = false;
    for (JsonNode header : get.path("httpHeaders")) {
      String name = header.path("name").asText("");
      hasHost |= name.equalsIgnoreCase("Host");
      head.append(name).append(": ").append(header.path("value").asText("")).append("\r\n");
    }
    if (!hasHost) {
      head.append("Host: ").append(host).append(':').append(port).append("\r\n");
    }
    head.append("User-Agent: kube-probe/1.32\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (line.length() >= STATUS_LINE_BYTES_MAX) {
        throw new IOException("malformed HTTP response");
      }
      line.append((char) b);
    }
    String[] parts = line.toString().strip().split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/") || !parts[1].matches("[0-9]{3}")) {
      throw new IOException(line.isEmpty() ? "EOF" : "malformed HTTP response \"" + line + "\"");
    }
    return Integer.parseInt(parts[1]);
  }

  private Optional<String> exec(JsonNode exec, String containerId, int timeoutMillis) {
    int seconds = Math.max(1, (timeoutMillis + 999) / 1000);
    Engine.ExecResult result =
        engine.exec(containerId, Tree.strings(exec.path("command")), seconds);
    if (result.exitCode() == 0) {
      return Optional.empty();
    }
    String output = result.output().strip();
    return Optional.of(output.substring(0, Math.min(output.length(), SHOWN_CHARACTERS_MAX)));
  }
}
