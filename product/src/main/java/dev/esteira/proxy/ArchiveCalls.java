package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.engine.ImageName;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Images as files: {@code import}, {@code commit}, {@code save}, {@code load}. */
final class ArchiveCalls {
  private final Scope scope;
  private final OwnedImages images;
  private final OwnedContainers containers;
  private final ImagePull pull;

  ArchiveCalls(Scope scope, OwnedContainers containers, OwnedImages images, ImagePull pull) {
    this.scope = scope;
    this.images = images;
    this.containers = containers;
    this.pull = pull;
  }

  void addTo(Routes routes) {
    routes
        .add("POST", "/images/create", this::create)
        .add("POST", "/commit", this::commit)
        .add("POST", "/images/load", this::load)
        .add("GET", "/images/get", call -> save(call, call.queries("names")))
        .add("GET", "/images/{name*}/get", call -> save(call, List.of(call.part(0))));
  }

  private void create(Call call) throws IOException {
    if (call.query("fromImage").isPresent()) {
      pull.pull(call);
      return;
    }
    if (!call.query("fromSrc").orElse("").equals("-")) {
      throw EngineError.invalid("importing from a URL is not supported: send the file itself");
    }
    String tag = call.query("tag").map(t -> ":" + t).orElse("");
    Optional<ImageName> name = call.query("repo").map(r -> NameTranslation.parse(r + tag));
    String path =
        "/images/create?fromSrc=-" + call.keepQuery("changes", "message").replace('?', '&');
    AtomicReference<String> id = new AtomicReference<>("");
    try (Engine.Answer answer = send(call, path, call.exchange().in())) {
      EngineCalls.check(answer);
      Progress progress = new Progress(call.exchange());
      Relay.lines(
          answer.in(),
          message -> {
            String status = message.path("status").asText("");
            if (status.startsWith("sha256:")) {
              id.set(status);
            }
            progress.send(scope.names().outward(message));
          });
    }
    if (!id.get().isEmpty()) {
      images.adopt(id.get(), id.get(), name);
    }
  }

  private Engine.Answer send(Call call, String path, InputStream body) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Content-Type", "application/x-tar"));
    headers.add(Map.entry("Transfer-Encoding", "chunked"));
    return scope.raw().send(call.exchange().method(), path, headers, body);
  }

  private void commit(Call call) throws IOException {
    String container = containers.id(call.query("container").orElse(""));
    String tag = call.query("tag").map(t -> ":" + t).orElse("");
    Optional<ImageName> name = call.query("repo").map(r -> NameTranslation.parse(r + tag));
    JsonNode config =
        new Fields("Config")
            .keep("Hostname", "User", "ExposedPorts", "Env", "Cmd", "Healthcheck", "Volumes")
            .keep("WorkingDir", "Entrypoint", "Labels", "StopSignal", "OnBuild", "Shell")
            .drop("Domainname", "AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin")
            .drop("StdinOnce", "Image", "ArgsEscaped")
            .apply(call.body());
    String path =
        "/commit"
            + call.keepQuery("comment", "author", "pause", "changes")
            + (call.keepQuery("comment", "author", "pause", "changes").isEmpty() ? "?" : "&")
            + "container="
            + container;
    JsonNode made = scope.engine().post(path, config);
    String id = made.path("Id").asText();
    images.adopt(id, id, name);
    call.exchange().json(201, Json.object().put("Id", id));
  }

  private void save(Call call, List<String> names) throws IOException {
    List<Map.Entry<String, String>> wanted = new ArrayList<>();
    for (String name : names) {
      wanted.add(Map.entry("names", images.get(name).reference()));
    }
    String path = "/images/get" + EngineCalls.query(wanted);
    try (Engine.Answer answer = scope.raw().send("GET", path, List.of(), EngineCalls.none())) {
      EngineCalls.check(answer);
      call.exchange().status(200).set("Content-Type", "application/x-tar");
      new ImageArchive(scope.names()).outward(answer.in(), call.exchange().out());
    }
  }

  private void load(Call call) throws IOException {
    List<String> announced = new ArrayList<>();
    ImageArchive archive = new ImageArchive(scope.names());
    OutputPipe.Writer writer = out -> archive.inward(call.exchange().in(), out);
    try (OutputPipe pipe = OutputPipe.start(writer);
        Engine.Answer answer = send(call, "/images/load?quiet=1", pipe.in())) {
      EngineCalls.check(answer);
      Progress progress = new Progress(call.exchange());
      Relay.lines(
          answer.in(),
          message -> {
            String text = message.path("stream").asText("");
            announced.add(text.replaceFirst("^Loaded image( ID)?: ", "").strip());
            progress.send(scope.names().outward(message));
          });
      pipe.check();
    }
    for (String reference : announced) {
      JsonNode image = scope.engine().find("/images/" + reference + "/json").orElse(Json.object());
      String id = image.path("Id").asText("");
      if (!id.isEmpty()) {
        images.adopt(id, id, Optional.empty());
      }
    }
  }
}
