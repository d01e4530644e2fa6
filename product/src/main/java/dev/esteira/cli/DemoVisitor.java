package dev.esteira.cli;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Visits the application as its users would, at the address that kubectl shows. */
final class DemoVisitor {
  private static final Duration WAIT_LIMIT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 100;

  /** Answers in a row with the new version that count as all replicas. */
  private static final int ANSWERS_IN_A_ROW = 10;

  private final Map<String, String> environment;
  private final String service;

  DemoVisitor(Map<String, String> environment, String service) {
    this.environment = environment;
    this.service = service;
  }

  /** {@code http://ADDRESS:PORT} of the service's load balancer. */
  String address() {
    String path = "{.status.loadBalancer.ingress[0].ip}:{.spec.ports[0].port}";
    return "http://"
        + await(
            "the load balancer address of service " + service,
            () -> {
              String found =
                  Commands.check(
                          List.of(
                              "kubectl",
                              "--kubeconfig",
                              environment.getOrDefault("KUBECONFIG", ""),
                              "get",
                              "service",
                              service,
                              "-o",
                              "jsonpath=" + path))
                      .strip();
              return found.startsWith(":") ? "" : found;
            });
  }

  /** Waits until only this version answers. */
  void awaitVersion(String address, String version) {
    int[] inARow = {0};
    await(
        "version " + version + " from every replica at " + address,
        () -> {
          String answer = call("GET", address + "/health-check", "");
          boolean fits = Json.parse(answer).path("version").asText().equals(version);
          inARow[0] = fits ? inARow[0] + 1 : 0;
          return inARow[0] >= ANSWERS_IN_A_ROW ? answer : "";
        });
  }

  /** Posts a comment and reads it back. */
  void comment(String address) {
    String content = "demo-" + UUID.randomUUID();
    String comment =
        Json.write(
            Map.of("email", "ana@example.com", "comment", "muito bom", "content_id", content));
    call("POST", address + "/api/comment/new", comment);
    String answer = call("GET", address + "/api/comment/list/" + content, "");
    if (!answer.contains("muito bom")) {
      throw EsteiraException.internal("the comment was posted but not read back: " + answer, null);
    }
  }

  /** Tries something until it answers more than nothing. */
  interface Attempt {
    String run();
  }

  String await(String what, Attempt attempt) {
    long deadline = System.nanoTime() + WAIT_LIMIT.toNanos();
    EsteiraException last = EsteiraException.unavailable("nothing answered yet", null);
    while (System.nanoTime() < deadline) {
      try {
        String found = attempt.run();
        if (!found.isEmpty()) {
          return found;
        }
        Thread.sleep(POLL_MILLIS);
      } catch (EsteiraException e) {
        last = e;
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EsteiraException.unavailable("interrupted while waiting for " + what, e);
      }
    }
    throw EsteiraException.unavailable(
        "waited " + WAIT_LIMIT.toSeconds() + " s for " + what + ": " + last.text(), last);
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String call(String method, String url, String body) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url).toURL().openConnection(java.net.Proxy.NO_PROXY);
      connection.setRequestMethod(method);
      connection.setConnectTimeout(3_000);
      connection.setReadTimeout(10_000);
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body.getBytes(StandardCharsets.UTF_8));
        }
      }
      int status = connection.getResponseCode();
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (status >= 400) {
          throw EsteiraException.unavailable(
              method + " " + url + " gave " + status + ": " + text, null);
        }
        return text;
      }
    } catch (IOException e) {
      throw EsteiraException.unavailable(method + " " + url + " failed: " + e.getMessage(), e);
    }
  }
}
