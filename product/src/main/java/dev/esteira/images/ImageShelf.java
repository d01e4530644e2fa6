package dev.esteira.images;

import dev.esteira.base.EsteiraException;
import dev.esteira.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes images where the cache has them not, and brings them into the engine. */
final class ImageShelf {
  private final Engine engine;
  private final RecipeFiles files;
  private final ImageMaker maker;
  private final LayerMaker layers;
  private final ImageCache cache;

  ImageShelf(Engine engine, Path directory) {
    this.engine = engine;
    this.files = RecipeFiles.read();
    this.maker = new ImageMaker(files, Path.of("/etc/apt"));
    this.cache = new ImageCache(directory);
    this.layers = new LayerMaker(engine, files, this);
  }

  /** Runs work while nobody else, here or in another process, works on this recipe. */
  <T> T alone(Blueprint recipe, Supplier<T> work) {
    return cache.alone(recipe, work);
  }

  /** Makes it, and what it stands on, and brings it into the engine; returns its id there. */
  String ensure(Blueprint recipe, Consumer<String> progress) {
    return cache.alone(
        recipe,
        () -> {
          String id = load(made(recipe, progress), progress);
          // A name of its own keeps it when the last job that used it has gone.
          int colon = recipe.name().lastIndexOf(':');
          engine.tagImage(
              id, recipe.name().substring(0, colon), recipe.name().substring(colon + 1));
          return id;
        });
  }

  /** The image in the cache; the caller holds its recipe alone. */
  MadeImage made(Blueprint recipe, Consumer<String> progress) {
    return switch (recipe) {
      case ImageRecipe whole ->
          made(
              whole,
              files.hash(whole),
              Optional.empty(),
              "from Debian packages",
              path -> maker.make(whole, path, progress),
              progress);
      case LayerRecipe layer -> {
        MadeImage ground = cache.alone(layer.ground(), () -> made(layer.ground(), progress));
        yield made(
            layer,
            files.hash(layer, ground),
            Optional.of(ground),
            "on " + layer.ground().name(),
            path -> layers.make(layer, load(ground, progress), path, progress),
            progress);
      }
    };
  }

  private MadeImage made(
      Blueprint recipe,
      String hash,
      Optional<MadeImage> ground,
      String how,
      Consumer<Path> making,
      Consumer<String> progress) {
    Optional<MadeImage> cached = cache.find(recipe, hash, ground);
    if (cached.isPresent()) {
      return cached.get();
    }
    progress.accept(
        "%s: not made on this machine yet; making it %s takes about %d s, once"
            .formatted(recipe.name(), how, recipe.expectedSeconds()));
    MadeImage image = cache.keep(recipe, hash, ground, making);
    progress.accept(recipe.name() + ": made, " + (image.bytes() >> 20) + " MB");
    return image;
  }

  /** Brings it into the engine, unless it is there; returns its id. */
  String load(MadeImage image, Consumer<String> progress) {
    String id = image.id().value();
    if (engine.inspectImage(id).isPresent()) {
      return id;
    }
    long bytes = image.stack().stream().mapToLong(MadeImage::bytes).sum();
    progress.accept(image.recipe().name() + ": loading " + (bytes >> 20) + " MB into the engine");
    try (InputStream archive = SavedImage.of(image)) {
      engine.loadImage(archive);
    } catch (IOException e) {
      throw EsteiraException.internal("could not read " + image.layer(), e);
    }
    if (engine.inspectImage(id).isEmpty()) {
      throw EsteiraException.internal(
          "loaded image " + image.recipe().name() + ", but the engine does not know " + id, null);
    }
    return id;
  }
}
