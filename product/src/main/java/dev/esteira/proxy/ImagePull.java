package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.engine.Engine;
import dev.esteira.engine.ImageName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pulls images for the owner: names of our registry from it, names without a host from it too where
 * it ships them, all others by the engine from where they are.
 */
final class ImagePull {
  private final Scope scope;
  private final OwnedImages images;
  private final RegistryImages registryImages;

  ImagePull(Scope scope, OwnedImages images) {
    this.scope = scope;
    this.images = images;
    this.registryImages = new RegistryImages(scope);
  }

  /** {@code POST /images/create?fromImage=…}. */
  void pull(Call call) {
    String text = call.query("fromImage").orElse("");
    String tag = call.query("tag").orElse("");
    String whole = tag.isEmpty() ? text : text + (tag.startsWith("sha256:") ? "@" : ":") + tag;
    ImageName name = NameTranslation.parse(whole);
    DockerfileFrom.checkPlatform(call.query("platform").orElse(""));
    Progress progress = new Progress(call.exchange());
    Optional<String> auth = call.exchange().header("X-Registry-Auth");
    try {
      pull(name, auth, Optional.of(progress), progress::status);
    } catch (EngineError | EsteiraException e) {
      if (!call.exchange().committed()) {
        throw e;
      }
      progress.failed(Relay.message(e));
    }
  }

  /**
   * Makes the image the owner's under its name; returns its id. {@code said} hears, for people, of
   * an image that stands in for it.
   */
  String pull(
      ImageName name, Optional<String> auth, Optional<Progress> progress, Consumer<String> said) {
    Optional<String> repository = scope.ourRepository(name).or(() -> shipped(name));
    return repository.isPresent()
        ? ours(name, repository.get(), progress)
        : others(name, auth, progress, said);
  }

  /** The same for the base of a build, where something may do for an image that nobody pushed. */
  String base(ImageName name, Optional<String> auth, Consumer<String> said) {
    Optional<String> repository = scope.ourRepository(name);
    if (repository.isEmpty() || registryImages.has(repository.get(), name.reference())) {
      return pull(name, auth, Optional.empty(), said);
    }
    String id =
        scope
            .substitutes()
            .notPushed(name, said)
            .orElseThrow(() ->
                EngineError.notFound(
                    String.format(
                        "manifest for %1$s not found: manifest unknown: nobody has pushed it here,"
                            + " and nothing stands in for it; where it can be had: docker push"
                            + " %1$s",
                        name.familiar())));
    images.adopt(id, id, named(name));
    return id;
  }

  private String ours(ImageName name, String repository, Optional<Progress> progress) {
    progress.ifPresent(p -> p.status(name.reference(), "Pulling from " + repository));
    RegistryImages.Loaded loaded =
        registryImages
            .load(repository, name.reference())
            .orElseThrow(() ->
                EngineError.notFound(
                    "manifest for "
                        + name.familiar()
                        + " not found: manifest unknown: manifest unknown"));
    images.adopt(loaded.id(), loaded.id(), named(name));
    scope
        .notes()
        .addDigest(scope.key(), loaded.id(), name.familiarRepository(), loaded.digest().value());
    progress.ifPresent(p -> {
      p.status("Digest: " + loaded.digest());
      p.status(
          "Status: "
              + (loaded.wasThere() ? "Image is up to date for " : "Downloaded newer image for ")
              + name.familiar());
    });
    return loaded.id();
  }

  /** A name of another registry means the image that ours has under it, when it has one. */
  private Optional<String> shipped(ImageName name) {
    return Optional.of(name.familiarRepository())
        .filter(repository -> registryImages.has(repository, name.reference()));
  }

  private static Optional<ImageName> named(ImageName name) {
    return name.digest().isPresent() && name.tag().isEmpty() ? Optional.empty() : Optional.of(name);
  }

  private String others(
      ImageName name, Optional<String> auth, Optional<Progress> progress, Consumer<String> said) {
    Optional<String> unreachable = scope.substitutes().unreachable(name.host());
    if (unreachable.isPresent()) {
      return instead(name, new EngineError(500, unreachable.get()), said);
    }
    try {
      return upstream(name, auth, progress);
    } catch (EngineError e) {
      return instead(name, e, said);
    }
  }

  private String instead(ImageName name, EngineError why, Consumer<String> said) {
    String id =
        scope
            .substitutes()
            .instead(name, why.text(), said)
            .orElseThrow(
                () -> new EngineError(why.status(), scope.substitutes().advice(name, why.text())));
    images.adopt(id, id, named(name));
    return id;
  }

  private String upstream(ImageName name, Optional<String> auth, Optional<Progress> progress) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    auth.ifPresent(value -> headers.add(Map.entry("X-Registry-Auth", value)));
    String path =
        "/images/create"
            + EngineCalls.query(
                List.of(
                    Map.entry("fromImage", name.repository()), Map.entry("tag", name.reference())));
    try (Engine.Answer answer = scope.raw().send("POST", path, headers, EngineCalls.none())) {
      EngineCalls.check(answer);
      Relay.lines(
          answer.in(),
          message -> {
            if (message.has("error")) {
              throw new EngineError(500, message.path("error").asText());
            }
            progress.ifPresent(p -> p.send(message));
          });
    } catch (IOException e) {
      throw new EngineError(500, String.valueOf(e.getMessage()));
    }
    String reference = name.repository() + separator(name) + name.reference();
    JsonNode image = scope.engine().get("/images/" + reference + "/json");
    String id = image.path("Id").asText();
    images.adopt(id, id, named(name));
    return id;
  }

  private static String separator(ImageName name) {
    return name.digest().isPresent() ? "@" : ":";
  }
}
