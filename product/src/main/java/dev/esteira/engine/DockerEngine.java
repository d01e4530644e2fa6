package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The Docker Engine API (1.24 and later; Docker 20.10 speaks 1.41) over a unix socket. An engine
 * that restarts is waited for a moment before a call is given up.
 */
public final class DockerEngine implements Engine, AutoCloseable {
  private static final long RESTART_MILLIS_MAX = 5000;
  private static final int CREATION_TRIES_MAX = 40;
  private static final int REMOVAL_WAIT_MILLIS = 50;
  private static final int REMOVAL_WAITS_MAX = 600;
  private static final int STOP_EXTRA_SECONDS = 60;

  private final EngineCalls calls;

  public DockerEngine(Path socket) {
    this(socket, RESTART_MILLIS_MAX);
  }

  /** {@code connectMillisMax} is how long an engine that does not answer is waited for. */
  public DockerEngine(Path socket, long connectMillisMax) {
    this.calls = new EngineCalls(socket, connectMillisMax);
  }

  /** The API version that every call uses: the engine's own, or the newest that we know. */
  public String apiVersion() {
    return calls.apiVersion();
  }

  @Override
  public Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, InputStream body) {
    return calls.send(method, path, headers, body);
  }

  @Override
  public Hijacked hijack(
      String method, String path, List<Map.Entry<String, String>> headers, byte[] body) {
    return calls.hijack(method, path, headers, body);
  }

  @Override
  public JsonNode version() {
    return calls.get("/version");
  }

  @Override
  public JsonNode info() {
    return calls.get("/info");
  }

  @Override
  public String createContainer(String name, JsonNode config) {
    String path = "/containers/create?name=" + EngineCalls.encode(name);
    for (int i = 1; ; i++) {
      EngineCalls.Reply reply = calls.call("POST", path, config, Set.of(201, 409));
      if (reply.status() == 201) {
        return reply.body().path("Id").asText();
      }
      Optional<JsonNode> found = inspectContainer(name);
      if (found.isPresent()) {
        return found.get().path("Id").asText();
      }
      if (i == CREATION_TRIES_MAX) {
        throw EngineCalls.failed("POST", path, reply);
      }
      // The name is taken by one that is still being made, or is just going.
      pause();
    }
  }

  @Override
  public void startContainer(String id) {
    calls.call("POST", container(id) + "/start", null, Set.of(204, 304));
  }

  @Override
  public void stopContainer(String id, int graceSeconds) {
    calls.call(
        "POST",
        container(id) + "/stop?t=" + graceSeconds,
        null,
        Set.of(204, 304, 404),
        graceSeconds + STOP_EXTRA_SECONDS);
  }

  @Override
  public void removeContainer(String id) {
    String path = container(id) + "?force=1&v=1";
    for (int i = 0; i < REMOVAL_WAITS_MAX; i++) {
      EngineCalls.Reply reply = calls.call("DELETE", path, null, Set.of(204, 404, 409));
      if (reply.status() != 409) {
        return;
      }
      // Somebody else is removing it; done means gone, for us as well.
      pause();
    }
    throw EsteiraException.limit(
        "asked the engine DELETE " + path + ", but its removal went on for too long");
  }

  @Override
  public Optional<JsonNode> inspectContainer(String id) {
    return calls.find(container(id) + "/json");
  }

  @Override
  public List<JsonNode> containers(Map<String, String> labels) {
    var wanted = Json.array();
    labels.forEach((name, value) -> wanted.add(name + "=" + value));
    ObjectNode filters = Json.object().set("label", wanted);
    List<JsonNode> found = new ArrayList<>();
    calls
        .get("/containers/json?all=1&filters=" + EngineCalls.encode(Json.write(filters)))
        .forEach(found::add);
    return List.copyOf(found);
  }

  @Override
  public Exit waitContainer(String id) throws InterruptedException {
    return new ContainerWait(this, container(id)).await();
  }

  @Override
  public ExecResult exec(String id, List<String> command, int limitSeconds) {
    return new ExecCall(calls, container(id), command, limitSeconds).run();
  }

  @Override
  public AutoCloseable logs(String id, boolean follow, long sinceSeconds, LogSink sink) {
    return new LogFollower(this, id, follow, sinceSeconds, sink).start();
  }

  @Override
  public Optional<JsonNode> inspectImage(String reference) {
    return calls.find("/images/" + EngineCalls.encodePath(reference) + "/json");
  }

  @Override
  public void tagImage(String id, String repository, String tag) {
    String query = EngineCalls.query(ordered("repo", repository, "tag", tag));
    calls.call("POST", "/images/" + EngineCalls.encodePath(id) + "/tag" + query, null, Set.of(201));
  }

  @Override
  public void removeImage(String reference) {
    String path = "/images/" + EngineCalls.encodePath(reference) + "?force=1";
    calls.call("DELETE", path, null, Set.of(200, 404));
  }

  @Override
  public List<String> loadImage(InputStream tar) {
    List<String> loaded = new ArrayList<>();
    calls.stream(
        "/images/load?quiet=1",
        List.of(Map.entry("Content-Type", "application/x-tar")),
        tar,
        message -> {
          String line = message.path("stream").asText("").strip();
          int colon = line.indexOf(": ");
          if (line.startsWith("Loaded image") && colon > 0) {
            loaded.add(line.substring(colon + 2));
          }
        });
    return List.copyOf(loaded);
  }

  @Override
  public String importImage(InputStream tar, String repository, String tag, List<String> changes) {
    StringBuilder path = new StringBuilder("/images/create");
    path.append(EngineCalls.query(ordered("fromSrc", "-", "repo", repository, "tag", tag)));
    changes.forEach(change -> path.append("&changes=").append(EngineCalls.encode(change)));
    List<String> ids = new ArrayList<>();
    calls.stream(
        path.toString(),
        List.of(Map.entry("Content-Type", "application/x-tar")),
        tar,
        message -> {
          String status = message.path("status").asText("");
          if (status.startsWith("sha256:")) {
            ids.add(status);
          }
        });
    if (ids.isEmpty()) {
      throw EsteiraException.unavailable("imported a tar, but the engine named no image", null);
    }
    return ids.getLast();
  }

  @Override
  public void pull(
      String image, Optional<String> user, Optional<String> password, Consumer<String> progress) {
    ImageName name = ImageName.parse(image);
    String query =
        EngineCalls.query(ordered("fromImage", name.repository(), "tag", name.reference()));
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    user.ifPresent(u -> {
      ObjectNode auth = Json.object().put("username", u);
      auth.put("password", password.orElse("")).put("serveraddress", name.host());
      byte[] text = Json.write(auth).getBytes(StandardCharsets.UTF_8);
      headers.add(Map.entry("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(text)));
    });
    calls.stream(
        "/images/create" + query,
        headers,
        InputStream.nullInputStream(),
        message -> progress.accept(progressLine(message)));
  }

  private static String progressLine(JsonNode message) {
    String id = message.path("id").asText("");
    String status = message.path("status").asText("");
    String bar = message.path("progress").asText("");
    return ((id.isEmpty() ? "" : id + ": ") + status + (bar.isEmpty() ? "" : " " + bar));
  }

  @Override
  public String build(
      InputStream contextTar, Map<String, String> query, Consumer<String> progress) {
    String[] id = {""};
    calls.stream(
        "/build" + EngineCalls.query(query),
        List.of(Map.entry("Content-Type", "application/x-tar")),
        contextTar,
        message -> {
          if (message.hasNonNull("stream")) {
            progress.accept(message.path("stream").asText());
          } else if (message.hasNonNull("status")) {
            progress.accept(progressLine(message) + "\n");
          }
          id[0] = message.path("aux").path("ID").asText(id[0]);
        });
    if (id[0].isEmpty()) {
      throw EsteiraException.unavailable("built an image, but the engine named none", null);
    }
    return id[0];
  }

  @Override
  public String createNetwork(String name, String bridge, String subnet, String gateway) {
    ObjectNode config = Json.object().put("Name", name).put("CheckDuplicate", true);
    config.put("Driver", "bridge");
    ObjectNode ipam = config.putObject("IPAM").put("Driver", "default");
    ipam.putArray("Config").addObject().put("Subnet", subnet).put("Gateway", gateway);
    config.putObject("Options").put("com.docker.network.bridge.name", bridge);
    String path = "/networks/create";
    for (int i = 1; ; i++) {
      EngineCalls.Reply reply = calls.call("POST", path, config, Set.of(201, 403, 409));
      if (reply.status() == 201) {
        return reply.body().path("Id").asText();
      }
      Optional<JsonNode> found = calls.find("/networks/" + EngineCalls.encode(name));
      if (found.isPresent()) {
        return networkId(name, found.get(), subnet);
      }
      if (i == CREATION_TRIES_MAX) {
        throw EngineCalls.failed("POST", path, reply);
      }
      // One that is still being made holds its subnet (403) before its name is known.
      pause();
    }
  }

  private static String networkId(String name, JsonNode found, String subnet) {
    String has = found.path("IPAM").path("Config").path(0).path("Subnet").asText();
    if (!has.equals(subnet)) {
      throw EsteiraException.conflict(
          "network '" + name + "' exists with subnet " + has + ", not " + subnet);
    }
    return found.path("Id").asText();
  }

  @Override
  public void removeNetwork(String name) {
    String path = "/networks/" + EngineCalls.encode(name);
    if (calls.call("DELETE", path, null, Set.of(204, 403, 404)).status() != 403) {
      return;
    }
    // Containers are still on it; they lose it, since their owner is gone.
    JsonNode found = calls.find(path).orElse(Json.object());
    found
        .path("Containers")
        .fieldNames()
        .forEachRemaining(id ->
            calls.call(
                "POST",
                path + "/disconnect",
                Json.object().put("Container", id).put("Force", true),
                Set.of(200, 404)));
    calls.call("DELETE", path, null, Set.of(204, 404));
  }

  @Override
  public AutoCloseable events(Consumer<JsonNode> sink) {
    return new EventFollower(this, sink).start();
  }

  /** Closes the idle connections. Logs and events have handles of their own. */
  @Override
  public void close() {
    calls.close();
  }

  private static String container(String id) {
    return "/containers/" + EngineCalls.encode(id);
  }

  private static Map<String, String> ordered(String... namesAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private static void pause() {
    try {
      Thread.sleep(REMOVAL_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EsteiraException(ErrorCode.UNAVAILABLE, "interrupted while waiting", e);
    }
  }
}
