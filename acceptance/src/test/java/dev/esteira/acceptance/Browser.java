package dev.esteira.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A real Chromium without a window, driven by the DevTools protocol. It keeps one page, and its
 * profile in a directory of its own.
 */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 50;
  private static final int ANSWERS_MAX = 10_000;

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>(ANSWERS_MAX);
  private final WebSocket page;
  private int last;

  Browser(Path profile) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  "chromium",
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--no-proxy-server",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true)
              .redirectOutput(profile.resolveSibling("chromium.log").toFile());
      builder.environment().put("TMPDIR", profile.getParent().toString());
      this.process = builder.start();
      this.page = connect(profile.resolve("DevToolsActivePort"));
    } catch (IOException e) {
      throw new AssertionError("no browser", e);
    }
  }

  /** Sends these credentials with every request from now on. */
  void logIn(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String value = "Basic " + Base64.getEncoder().encodeToString(pair);
    ObjectNode headers = JSON.createObjectNode().put("Authorization", value);
    call("Network.enable", JSON.createObjectNode());
    call("Network.setExtraHTTPHeaders", JSON.createObjectNode().set("headers", headers));
  }

  void open(String url) {
    JsonNode opened = call("Page.navigate", JSON.createObjectNode().put("url", url));
    if (opened.has("errorText")) {
      throw new AssertionError("could not open " + url + ": " + opened);
    }
  }

  /** The value of a script's expression in the page, as text. */
  String value(String expression) {
    ObjectNode parameters = JSON.createObjectNode();
    parameters.put("awaitPromise", true);
    parameters.put("expression", "Promise.resolve(" + expression + ").then(String)");
    return call("Runtime.evaluate", parameters).path("result").path("value").asText();
  }

  /** Waits until an expression holds in the page; the page may change meanwhile. */
  void await(String condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    // The page itself waits a little between two looks.
    String look = "new Promise(r => setTimeout(() => r(" + condition + "), 50))";
    while (!value(look).equals("true")) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            condition + " never held; the page says:\n" + value("document.body.innerText"));
      }
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private JsonNode call(String method, ObjectNode parameters) {
    int id = ++last;
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
    request.set("params", parameters);
    page.sendText(request.toString(), true).join();
    try {
      while (true) {
        String text = answers.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (text == null) {
          throw new AssertionError("the browser did not answer " + request);
        }
        JsonNode answer = JSON.readTree(text);
        if (answer.path("id").asInt() == id) {
          return answer.path("result");
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The browser writes its port into a file. */
  private WebSocket connect(Path portFile) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        String port = Files.readString(portFile).lines().findFirst().orElse("");
        // A page of our own: the browser's first ones may be parts of its frame.
        String made = put("http://127.0.0.1:" + port + "/json/new?about:blank");
        URI address = URI.create(JSON.readTree(made).path("webSocketDebuggerUrl").asText());
        return client.newWebSocketBuilder().buildAsync(address, new Answers()).join();
      } catch (IOException e) {
        // Not listening yet: asked again until the limit.
      }
      ended(LOOK_MILLIS);
    }
    close();
    throw new AssertionError("the browser did not start; see its chromium.log");
  }

  private boolean ended(long withinMillis) {
    try {
      return process.waitFor(withinMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private String put(String url) throws IOException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).PUT(HttpRequest.BodyPublishers.noBody()).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean whole) {
      text.append(part);
      if (whole) {
        answers.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }
}
