package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.engine.ImageName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code POST /build}, the classic builder. Every image that the Dockerfile names is brought into
 * the engine first and named by its id, so that the engine asks no registry and mixes up no owners.
 */
final class BuildCalls {
  private final Scope scope;
  private final OwnedImages images;
  private final ImagePull pull;
  private final ContainerRules rules;

  BuildCalls(Scope scope, OwnedImages images, ImagePull pull, ContainerRules rules) {
    this.scope = scope;
    this.images = images;
    this.pull = pull;
    this.rules = rules;
  }

  void build(Call call) throws Exception {
    BuildQuery query = new BuildQuery(call);
    try (BuildContext context =
        BuildContext.spool(call.exchange().in(), scope.privateDirectory().resolve("contexts"))) {
      String dockerfile =
          context
              .dockerfile(query.dockerfile())
              .orElseThrow(() ->
                  new EngineError(
                      500, "Cannot locate specified Dockerfile: " + query.dockerfile()));
      DockerfileFrom from = DockerfileFrom.read(dockerfile, query.arguments(), query.target());
      from.urls().forEach(PublicHost::check);
      Progress progress = new Progress(call.exchange());
      try {
        Map<String, String> ids = resolve(from, query, call, progress);
        run(query, context, from, ids, progress);
      } catch (EngineError | EsteiraException e) {
        if (!call.exchange().committed()) {
          throw e;
        }
        progress.failed(Relay.message(e));
      }
    }
  }

  private Map<String, String> resolve(
      DockerfileFrom from, BuildQuery query, Call call, Progress progress) {
    Map<String, String> ids = new HashMap<>();
    Optional<String> config = call.exchange().header("X-Registry-Config");
    for (String image : from.images()) {
      ids.put(image, resolve(image, query.pull(), config, progress));
    }
    return ids;
  }

  /** The id of a base image: the owner's own, unless it is to be pulled or is not there. */
  private String resolve(
      String image, boolean pullAlways, Optional<String> config, Progress progress) {
    Optional<OwnedImages.Found> own = images.find(image);
    if (own.isPresent() && (!pullAlways || !own.get().named())) {
      return own.get().id();
    }
    ImageName name = NameTranslation.parse(image);
    try {
      return pull.base(name, auth(name, config), line -> progress.stream(line + "\n"));
    } catch (EngineError | EsteiraException e) {
      if (own.isPresent() && scope.ourRepository(name).isEmpty()) {
        // A name that exists only here, such as current:latest, can not be pulled from anywhere.
        return own.get().id();
      }
      throw e;
    }
  }

  /** The one host's credentials out of all that the client sends with a build. */
  private static Optional<String> auth(ImageName name, Optional<String> config) {
    return config
        .map(RegistryLogin::parse)
        .map(hosts -> hosts.path(name.host()))
        .filter(JsonNode::isObject)
        .map(one -> Json.write(one).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .map(java.util.Base64.getUrlEncoder()::encodeToString);
  }

  private void run(
      BuildQuery query,
      BuildContext context,
      DockerfileFrom from,
      Map<String, String> ids,
      Progress progress)
      throws Exception {
    List<String> tags =
        query.tags().stream().map(t -> scope.names().image(NameTranslation.parse(t))).toList();
    List<String> cacheFrom =
        query.cacheFrom().stream()
            .flatMap(n -> images.find(n).stream())
            .map(OwnedImages.Found::reference)
            .toList();
    String path = "/build" + query.engineQuery(rules, tags, cacheFrom);
    String dockerfile = from.rewrite(image -> ids.getOrDefault(image, image));
    Map<String, String> printed = from.printed(image -> ids.getOrDefault(image, image));
    AtomicReference<String> built = new AtomicReference<>("");
    try (OutputPipe body = OutputPipe.start(out -> context.write(dockerfile, out));
        Engine.Answer answer =
            scope
                .raw()
                .send(
                    "POST",
                    path,
                    List.of(
                        Map.entry("Content-Type", "application/x-tar"),
                        Map.entry("Transfer-Encoding", "chunked")),
                    body.in())) {
      if (answer.status() >= 400) {
        EngineCalls.check(answer);
      }
      Relay.lines(answer.in(), message -> progress.send(shown(message, printed, built)));
    }
    if (!built.get().isEmpty()) {
      images.adopt(built.get(), built.get(), Optional.empty());
    }
  }

  private JsonNode shown(
      JsonNode message, Map<String, String> printed, AtomicReference<String> built) {
    String id = message.path("aux").path("ID").asText("");
    if (!id.isEmpty()) {
      built.set(id);
    }
    ObjectNode shown = (ObjectNode) scope.names().outward(message);
    String text = shown.path("stream").asText("");
    // Two instructions may begin alike once their images have the same id: the longer one is it.
    printed.keySet().stream()
        .filter(text::contains)
        .max(Comparator.comparingInt(String::length))
        .ifPresent(line -> shown.put("stream", text.replace(line, printed.getOrDefault(line, ""))));
    return shown;
  }
}
