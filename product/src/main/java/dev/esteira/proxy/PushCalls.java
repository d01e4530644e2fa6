package dev.esteira.proxy;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.engine.ImageName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code POST /images/NAME/push}: to our registry the fast way, elsewhere by the engine. */
final class PushCalls {
  private static final Logger LOG = Logger.getLogger(PushCalls.class.getName());

  private final Scope scope;
  private final OwnedImages images;
  private final RegistryLogin login;
  private final Optional<OverlayLayers> overlay;

  PushCalls(Scope scope, OwnedImages images, RegistryLogin login, Optional<OverlayLayers> overlay) {
    this.scope = scope;
    this.images = images;
    this.login = login;
    this.overlay = overlay;
  }

  void push(Call call) throws IOException {
    ImageName name = NameTranslation.parse(call.part(0));
    Optional<String> tag = call.query("tag").or(name::tag);
    Progress progress = new Progress(call.exchange());
    progress.status("The push refers to repository [" + name.repository() + "]");
    try {
      List<ImageName> tagged = tagged(name, tag);
      Optional<String> auth = call.exchange().header("X-Registry-Auth");
      Optional<String> ours = scope.ourRepository(name).or(() -> kept(name, auth));
      if (ours.isPresent()) {
        Optional<String> account = login.accountFor(auth, name.host());
        if (account.isPresent()) {
          progress.status(
              "Every account of ECR is this house: using the login at " + account.get());
        } else {
          login.checkPush(auth, ours.get());
        }
      }
      for (ImageName each : tagged) {
        OwnedImages.Found image = images.get(each.familiar());
        if (ours.isPresent()) {
          fast(image, ours.get(), each, progress);
        } else {
          elsewhere(image, each, auth, progress);
        }
      }
    } catch (EngineError | EsteiraException | IOException e) {
      progress.failed(Relay.message(e));
    }
  }

  /**
   * The repository of ours that keeps what is pushed to ECR Public with one of our own logins:
   * whoever asks for the image by its name finds it there.
   */
  private Optional<String> kept(ImageName name, Optional<String> auth) {
    return name.host().equals(RegistryLogin.ECR_PUBLIC) && login.isOurs(auth)
        ? Optional.of(name.familiarRepository())
        : Optional.empty();
  }

  /** The names to push; in Docker's own words when there are none. */
  private List<ImageName> tagged(ImageName name, Optional<String> tag) {
    List<ImageName> names = new ArrayList<>();
    String prefix = scope.names().imageRepository(name) + ":";
    for (var image : images.all()) {
      image
          .path("RepoTags")
          .valueStream()
          .map(t -> t.asText())
          .filter(t -> t.startsWith(prefix))
          .forEach(t -> names.add(name.withTag(t.substring(prefix.length()))));
    }
    if (names.isEmpty()) {
      throw EngineError.notFound(
          "An image does not exist locally with the tag: " + name.familiarRepository());
    }
    if (tag.isEmpty()) {
      return names;
    }
    ImageName wanted = name.withTag(tag.get());
    if (!names.contains(wanted)) {
      throw EngineError.notFound("tag does not exist: " + wanted.familiar());
    }
    return List.of(wanted);
  }

  private void fast(OwnedImages.Found image, String repository, ImageName name, Progress progress)
      throws IOException {
    FastPush.Pushed pushed = put(image, repository, name, progress);
    progress.status(
        name.reference() + ": digest: " + pushed.digest() + " size: " + pushed.sizeBytes());
    progress.aux(
        Json.object()
            .put("Tag", name.reference())
            .put("Digest", pushed.digest().value())
            .put("Size", pushed.sizeBytes()));
  }

  private FastPush.Pushed put(
      OwnedImages.Found image, String repository, ImageName name, Progress progress)
      throws IOException {
    // Asked at each push: a new engine has no such files before its first image.
    Optional<OverlayLayers> readable = overlay.filter(OverlayLayers::isReadable);
    if (readable.isPresent()) {
      try {
        return new FastPush(scope, readable.get()).push(image, repository, name, progress);
      } catch (IOException | EsteiraException e) {
        if (!TarSplitStream.NotFoundHere.isBehind(e)) {
          throw e;
        }
        // The engine itself can read it.
        LOG.log(Level.INFO, "the files of " + name.familiar() + " are left to the engine", e);
      }
    }
    try (SavedLayers saved =
        new SavedLayers(scope.raw(), scope.privateDirectory().resolve("saved"))) {
      return new FastPush(scope, saved).push(image, repository, name, progress);
    }
  }

  /** The engine pushes under the true name, which all owners share: so one at a time. */
  private void elsewhere(
      OwnedImages.Found image, ImageName name, Optional<String> auth, Progress progress)
      throws IOException {
    scope.loading().lock();
    try {
      scope.engine().tag(image.id(), name.repository(), name.reference());
      try {
        pushByEngine(name, auth, progress);
      } finally {
        scope.engine().delete("/images/" + name.normalised() + "?noprune=1");
      }
    } finally {
      scope.loading().unlock();
    }
  }

  private void pushByEngine(ImageName name, Optional<String> auth, Progress progress)
      throws IOException {
    String path =
        "/images/" + name.repository() + "/push?tag=" + EngineCalls.encode(name.reference());
    List<Map.Entry<String, String>> headers =
        List.of(Map.entry("X-Registry-Auth", auth.orElse("e30=")));
    try (Engine.Answer answer = scope.raw().send("POST", path, headers, EngineCalls.none())) {
      EngineCalls.check(answer);
      Relay.lines(answer.in(), progress::send);
    }
  }
}
