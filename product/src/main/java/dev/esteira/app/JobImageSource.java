package dev.esteira.app;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.cluster.control.ImageSource;
import dev.esteira.engine.ImageName;
import dev.esteira.pipeline.Runs;
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
  private final StandIns standIns;

  JobImageSource(ImageSource images, StandIns standIns) {
    this.images = images;
    this.standIns = standIns;
  }

  @Override
  public String resolve(Runs.Request run, String image, Consumer<String> progress) {
    ImageName name = ImageName.parse(image);
    if (standIns.isOurs(name)) {
      return ours(image, name, progress);
    }
    Optional<String> kept = standIns.kept(name);
    if (kept.isPresent()) {
      progress.accept(
          "Using the image "
              + name.familiarRepository()
              + ":"
              + name.reference()
              + " of the registry here");
      return ensure(kept.get());
    }
    progress.accept("Pulling the image " + image);
    try {
      Optional<String> unreachable = standIns.unreachable(name.host());
      if (unreachable.isPresent()) {
        throw EsteiraException.unavailable(unreachable.get(), null);
      }
      return ensure(image);
    } catch (EsteiraException e) {
      return standIns
          .instead(name, e.text(), progress)
          .orElseThrow(() -> EsteiraException.notFound(standIns.advice(name, e.text())));
    }
  }

  /** GitLab's own tools bear names that mean this house, where nobody may have pushed them. */
  private String ours(String image, ImageName name, Consumer<String> progress) {
    try {
      return ensure(image);
    } catch (EsteiraException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      return standIns.ofTools(name, progress).orElseThrow(() -> e);
    }
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
