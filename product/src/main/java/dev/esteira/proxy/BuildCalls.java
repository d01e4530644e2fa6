package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.engine.ImageName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code POST /build}, the classic builder. Every image that the Dockerfile names is brought into
 * the engine first and named by its id, so that the engine asks no registry and mixes up no owners.
 */
final class BuildCalls {
  private static final Pattern STEP =
      Pattern.compile("(Step [0-9]+/[0-9]+ : )(.*?)(\\s*)", Pattern.DOTALL);

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
      ClassicDockerfile classic = ClassicDockerfile.of(dockerfile, query.arguments());
      DockerfileFrom from = DockerfileFrom.read(classic.text(), query.arguments(), query.target());
      from.urls().forEach(PublicHost::check);
      Progress progress = new Progress(call.exchange());
      try (HereImage documents = HereImage.of(scope.raw(), classic.files())) {
        if (!query.quiet()) {
          classic.notices().forEach(notice -> progress.stream(notice + "\n"));
        }
        Map<String, String> ids = resolve(from, query, call, progress);
        documents.id().ifPresent(id -> ids.put(ClassicDockerfile.DOCUMENTS, id));
        run(query, context, classic, from, ids, progress);
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
    Consumer<String> told = query.quiet() ? _ -> {} : line -> progress.stream(line + "\n");
    for (String image : from.images()) {
      if (!image.equals(ClassicDockerfile.DOCUMENTS)) {
        ids.put(image, resolve(image, query.pull(), config, told));
      }
    }
    return ids;
  }

  /** The id of a base image: the owner's own, unless it is to be pulled or is not there. */
  private String resolve(
      String image, boolean pullAlways, Optional<String> config, Consumer<String> told) {
    Optional<OwnedImages.Found> own = images.find(image);
    if (own.isPresent() && (!pullAlways || !own.get().named())) {
      return own.get().id();
    }
    ImageName name = NameTranslation.parse(image);
    try {
      return pull.base(name, auth(name, config), told);
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
      ClassicDockerfile classic,
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
    Map<String, String> printed = new HashMap<>(classic.printed());
    from.printed(image -> ids.getOrDefault(image, image))
        .forEach(
            (engines, ours) -> printed.put(engines, classic.printed().getOrDefault(ours, ours)));
    AtomicReference<String> built = new AtomicReference<>("");
    try (OutputPipe body =
            OutputPipe.start(out -> context.write(dockerfile, classic.modes(), out));
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
    Matcher step = STEP.matcher(shown.path("stream").asText(""));
    if (step.matches() && printed.containsKey(step.group(2))) {
      shown.put("stream", step.group(1) + printed.get(step.group(2)) + step.group(3));
    }
    return shown;
  }
}
