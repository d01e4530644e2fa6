package dev.esteira.images;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.registry.Registry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The shipped images, made from Debian packages of the mirror that the host is set up for.
 *
 * <p>An image has the same id in the engine and as its config's digest in the registry, so that a
 * pull of it by an engine that has it moves no bytes. A tag of the registry that somebody else has
 * pushed is left alone.
 */
public final class DebianImages implements BaseImages {
  private static final String OWNER = "esteira";

  private final Engine engine;
  private final Registry registry;
  private final ImageShelf shelf;

  /** Keeps what it makes in {@code $ESTEIRA_IMAGE_CACHE}, else {@code ~/.cache/esteira/images}. */
  public DebianImages(Engine engine, Registry registry) {
    this(engine, registry, cacheFromEnvironment());
  }

  DebianImages(Engine engine, Registry registry, Path cache) {
    this.engine = engine;
    this.registry = registry;
    this.shelf = new ImageShelf(engine, cache);
  }

  /** The images that stand in for those of other registries. */
  public StandInImages standIns() {
    return new DebianStandIns(this, shelf);
  }

  private static Path cacheFromEnvironment() {
    String set = System.getenv("ESTEIRA_IMAGE_CACHE");
    return set != null && !set.isBlank()
        ? Path.of(set)
        : Path.of(System.getProperty("user.home"), ".cache", "esteira", "images");
  }

  @Override
  public List<Recipe> recipes() {
    return ImageRecipe.AHEAD.stream().map(r -> new Recipe(r.name(), r.purpose())).toList();
  }

  @Override
  public boolean ships(String name) {
    return ToolRecipes.find(name).isPresent()
        || find(name)
            .filter(wanted -> !isForeign(wanted.recipe().repository(), wanted.tag()))
            .isPresent();
  }

  /** Whether somebody else has pushed an image of that name, which is then theirs. */
  private boolean isForeign(String repository, String tag) {
    return registry.manifest(repository, tag).filter(manifest -> !isOurs(manifest)).isPresent();
  }

  private static boolean isOurs(Registry.Manifest manifest) {
    return Json.parse(manifest.bytes()).path("annotations").has(MadeImage.LABEL);
  }

  private record Wanted(ImageRecipe recipe, String tag) {}

  private static Optional<Wanted> find(String name) {
    String plain = name.replaceFirst("^docker\\.io/", "").replaceFirst("^library/", "");
    int colon = plain.indexOf(':');
    String repository = colon < 0 ? plain : plain.substring(0, colon);
    String tag = colon < 0 ? "latest" : plain.substring(colon + 1);
    return Stream.concat(ImageRecipe.ALL.stream(), Stream.of(InstanceImage.RECIPE))
        .filter(recipe -> recipe.repository().equals(repository) && recipe.answers(tag))
        .map(recipe -> new Wanted(recipe, tag))
        .findFirst();
  }

  @Override
  public String ensure(String name, Consumer<String> progress) {
    Optional<LayerRecipe> tools = ToolRecipes.find(name);
    if (tools.isPresent()) {
      return shelf.ensure(tools.get(), progress);
    }
    Wanted wanted =
        find(name)
            .orElseThrow(() ->
                EsteiraException.notFound(
                    "'"
                        + name
                        + "' is not among the images that Esteira ships: "
                        + String.join(
                            ", ", ImageRecipe.ALL.stream().map(ImageRecipe::name).toList())));
    if (wanted.recipe().equals(ImageRecipe.DOCKER)) {
      progress.accept(
          name + " is answered by an image that Esteira ships: " + wanted.recipe().purpose());
    }
    return shelf.alone(
        wanted.recipe(),
        () -> {
          MadeImage image = shelf.made(wanted.recipe(), progress);
          String id = shelf.load(image, progress);
          engine.tagImage(id, wanted.recipe().repository(), wanted.tag());
          publish(image, wanted, progress);
          return id;
        });
  }

  private void publish(MadeImage image, Wanted wanted, Consumer<String> progress) {
    String repository = wanted.recipe().repository();
    byte[] manifest = image.manifest();
    Digest digest = Digest.of(manifest);
    List<String> moving =
        Stream.concat(wanted.recipe().tags().stream(), Stream.of(wanted.tag()))
            .distinct()
            .filter(tag -> moves(repository, tag, digest))
            .toList();
    if (moving.isEmpty()) {
      return;
    }
    progress.accept(image.recipe().name() + ": adding it to the registry");
    if (!registry.hasBlob(image.layerDigest())) {
      try (InputStream layer = Files.newInputStream(image.layer())) {
        registry.putBlob(image.layerDigest(), layer);
      } catch (IOException e) {
        throw EsteiraException.internal("could not read " + image.layer(), e);
      }
    }
    registry.putBlob(image.id(), new ByteArrayInputStream(image.config()));
    for (String tag : moving) {
      registry.putManifest(repository, Optional.of(tag), MadeImage.MANIFEST_TYPE, manifest, OWNER);
    }
  }

  /** Whether the tag is free, or points at an older making of ours. */
  private boolean moves(String repository, String tag, Digest digest) {
    Optional<Registry.Manifest> now = registry.manifest(repository, tag);
    if (now.isEmpty()) {
      return true;
    }
    return isOurs(now.get()) && !now.get().digest().equals(digest);
  }
}
