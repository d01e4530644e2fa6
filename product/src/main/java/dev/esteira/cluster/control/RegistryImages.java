package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.engine.ImageName;
import dev.esteira.names.RealNames;
import dev.esteira.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Images of this house's registry by its manifests, so that an image that was built here is used as
 * it lies in the engine; all others by the engine's own pull.
 */
public final class RegistryImages implements ImageSource {
  private static final int INDEX_DEPTH_MAX = 2;

  private final Registry registry;
  private final Engine engine;
  private final String house;
  private final Supplier<Credential> houseCredential;
  private final Map<String, ReentrantLock> pulls = new ConcurrentHashMap<>();

  /**
   * {@code house} is host:port of our registry as the engine reaches it; the credential is asked
   * for at each pull.
   */
  public RegistryImages(
      Registry registry, Engine engine, String house, Supplier<Credential> houseCredential) {
    this.registry = registry;
    this.engine = engine;
    this.house = house;
    this.houseCredential = houseCredential;
  }

  @Override
  public Present ensure(Wanted wanted) throws Missing {
    ImageName name = parse(wanted.image());
    Optional<String> repository = repository(name);
    try {
      if (repository.isPresent()) {
        return ofHouse(wanted, name, repository.get());
      }
      return ofOthers(wanted, name);
    } catch (EsteiraException e) {
      throw new Missing("ErrImagePull", e.text(), true);
    }
  }

  private static ImageName parse(String image) throws Missing {
    try {
      return ImageName.parse(image);
    } catch (EsteiraException e) {
      String message =
          "Failed to apply default image tag \""
              + image
              + "\": couldn't parse image name \""
              + image
              + "\": invalid reference format: "
              + e.text();
      throw new Missing("InvalidImageName", message, false);
    }
  }

  private Optional<String> repository(ImageName name) {
    return RealNames.repository(name.host(), name.path(), house);
  }

  private Present ofHouse(Wanted wanted, ImageName name, String repository) throws Missing {
    String reference = wanted.digest().or(name::digest).orElseGet(name::reference);
    Registry.Manifest manifest =
        registry
            .manifest(repository, reference)
            .orElseThrow(() -> new Missing("ErrImagePull", absent(repository, reference), true));
    String digest = manifest.digest().value();
    String id = configDigest(manifest, 0);
    String shown = name.host() + "/" + name.path() + "@" + digest;
    if (engine.inspectImage(id).isPresent()) {
      return new Present(id, digest, shown, false);
    }
    if (wanted.policy() == Policy.NEVER) {
      throw never(wanted.image());
    }
    Credential credential = houseCredential.get();
    pull(
        house + "/" + repository + "@" + digest,
        Optional.of(credential.user()),
        Optional.of(credential.password()));
    if (engine.inspectImage(id).isEmpty()) {
      String message = "pulled " + repository + "@" + digest + ", but the engine has no " + id;
      throw new Missing("ErrImagePull", message, true);
    }
    return new Present(id, digest, shown, true);
  }

  private String absent(String repository, String reference) {
    if (registry.repository(repository).isEmpty()) {
      return "the registry of this Esteira has no repository '" + repository + "'";
    }
    List<String> tags =
        registry.images(repository).stream().flatMap(i -> i.tags().stream()).limit(10).toList();
    return "repository '"
        + repository
        + "' of this Esteira's registry has no '"
        + reference
        + "': manifest unknown; tags there: "
        + (tags.isEmpty() ? "none" : String.join(", ", tags));
  }

  private static Missing never(String image) {
    return new Missing(
        "ErrImageNeverPull",
        "Container image \"" + image + "\" is not present with pull policy of Never",
        true);
  }

  /** The engine's id of an image is the digest of its configuration. */
  private String configDigest(Registry.Manifest manifest, int depth) throws Missing {
    JsonNode body = Json.parse(manifest.bytes());
    String config = body.path("config").path("digest").asText("");
    if (!config.isEmpty()) {
      return config;
    }
    for (JsonNode child : body.path("manifests")) {
      JsonNode platform = child.path("platform");
      boolean fits =
          platform.isMissingNode()
              || (platform.path("os").asText("").equals("linux")
                  && platform.path("architecture").asText("").equals(architecture()));
      Optional<Registry.Manifest> found =
          fits && depth < INDEX_DEPTH_MAX
              ? registry.manifest(manifest.repository(), child.path("digest").asText(""))
              : Optional.empty();
      if (found.isPresent()) {
        return configDigest(found.get(), depth + 1);
      }
    }
    throw new Missing(
        "ErrImagePull",
        manifest.repository() + "@" + manifest.digest() + " has no image for " + architecture(),
        true);
  }

  private static String architecture() {
    return System.getProperty("os.arch", "amd64").equals("aarch64") ? "arm64" : "amd64";
  }

  private Present ofOthers(Wanted wanted, ImageName name) throws Missing {
    String reference = name.digest().isPresent() ? name.toString() : name.normalised();
    Optional<JsonNode> here = engine.inspectImage(reference);
    if (here.isPresent() && wanted.policy() != Policy.ALWAYS) {
      return present(here.get(), name, false);
    }
    if (wanted.policy() == Policy.NEVER) {
      throw never(wanted.image());
    }
    Optional<Credential> credential =
        wanted.credentials().stream().filter(c -> c.host().equals(name.host())).findFirst();
    pull(reference, credential.map(Credential::user), credential.map(Credential::password));
    return present(
        engine
            .inspectImage(reference)
            .orElseThrow(() ->
                new Missing("ErrImagePull", "pulled " + reference + ", but it is not there", true)),
        name,
        true);
  }

  private static Present present(JsonNode image, ImageName name, boolean pulled) {
    String id = image.path("Id").asText();
    for (JsonNode digest : image.path("RepoDigests")) {
      String text = digest.asText("");
      return new Present(id, text.substring(text.indexOf('@') + 1), text, pulled);
    }
    return new Present(id, "", name.familiarRepository() + "@" + id, pulled);
  }

  /** One pull of the same image at a time: the second finds what the first brought. */
  private void pull(String reference, Optional<String> user, Optional<String> password) {
    ReentrantLock lock = pulls.computeIfAbsent(reference, _ -> new ReentrantLock());
    lock.lock();
    try {
      engine.pull(reference, user, password, _ -> {});
    } finally {
      lock.unlock();
      pulls.remove(reference, lock);
    }
  }

  @Override
  public Optional<String> currentDigest(String image) {
    try {
      ImageName name = ImageName.parse(image);
      return repository(name)
          .filter(_ -> name.digest().isEmpty())
          .flatMap(r -> registry.manifest(r, name.reference()))
          .map(m -> m.digest().value());
    } catch (EsteiraException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> houseTag(String image) {
    try {
      ImageName name = ImageName.parse(image);
      return repository(name)
          .filter(_ -> name.digest().isEmpty())
          .map(r -> r + ":" + name.reference());
    } catch (EsteiraException e) {
      return Optional.empty();
    }
  }
}
