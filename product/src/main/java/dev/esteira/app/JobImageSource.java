package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.cluster.control.ImageSource;
import dev.esteira.engine.ImageName;
import dev.esteira.images.BaseImages;
import dev.esteira.pipeline.Runs;
import dev.esteira.registry.Registry;
import dev.esteira.runner.ImageResolver;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A job's image is found as a pod's is, but for one thing: an image of another registry may have a
 * stand-in in ours, under its own name as the repository. It comes first, for it was put there on
 * purpose.
 */
final class JobImageSource implements ImageResolver {
  private final ImageSource images;
  private final Registry registry;
  private final BaseImages shipped;
  private final String house;

  /** {@code house} is host:port of our registry. */
  JobImageSource(ImageSource images, Registry registry, BaseImages shipped, String house) {
    this.shipped = shipped;
    this.images = images;
    this.registry = registry;
    this.house = house;
  }

  @Override
  public String resolve(Runs.Request run, String image, Consumer<String> progress) {
    ImageName name = ImageName.parse(image);
    String repository = name.familiarRepository();
    if (registry.manifest(repository, name.reference()).isPresent()) {
      progress.accept(
          "Using the image " + repository + ":" + name.reference() + " of the registry here");
      return ensure(at(repository, name));
    }
    progress.accept("Pulling the image " + image);
    try {
      return ensure(image);
    } catch (EsteiraException e) {
      String target = house + "/" + repository + ":" + name.reference();
      String push =
          "an image of your own under that name: docker tag IMAGE %s && docker push %s"
              .formatted(target, target);
      Optional<String> standIn = StandIns.of(name);
      if (standIn.isPresent()) {
        progress.accept("WARNING: getting " + image + " failed: " + e.text());
        progress.accept(
            "WARNING: %s of Debian packages stands in for it; put in its place %s"
                .formatted(standIn.get(), push));
        return shipped.ensure(standIn.get(), progress);
      }
      throw EsteiraException.notFound(
          "the registry here has no '%s:%s', and getting %s failed: %s. You can put there %s"
              .formatted(repository, name.reference(), image, e.text(), push));
    }
  }

  private String at(String repository, ImageName name) {
    String separator = name.digest().isPresent() ? "@" : ":";
    return house + "/" + repository + separator + name.reference();
  }

  private String ensure(String image) {
    try {
      return images
          .ensure(
              new ImageSource.Wanted(
                  image, ImageSource.Policy.IF_NOT_PRESENT, Optional.empty(), List.of()))
          .id();
    } catch (ImageSource.Missing e) {
      throw EsteiraException.notFound(e.text());
    }
  }
}
