package dev.esteira.app;

import dev.esteira.cluster.control.ImageSource;
import dev.esteira.engine.ImageName;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * A pod's images, where one of a registry that cannot be reached may have a stand-in: an image of
 * ours under its own name first, for it was put there on purpose, then one of Debian packages.
 */
record PodImageSource(ImageSource images, StandIns standIns) implements ImageSource {
  private static final Logger LOG = Logger.getLogger(PodImageSource.class.getName());

  @Override
  public Present ensure(Wanted wanted) throws Missing {
    Optional<ImageName> other = other(wanted.image());
    if (other.isEmpty() || wanted.policy() == Policy.NEVER) {
      return images.ensure(wanted);
    }
    ImageName name = other.get();
    Optional<String> kept = standIns.kept(name);
    if (kept.isPresent()) {
      return images.ensure(
          new Wanted(kept.get(), wanted.policy(), wanted.digest(), wanted.credentials()));
    }
    try {
      Optional<String> unreachable = standIns.unreachable(name.host());
      if (unreachable.isPresent()) {
        throw new Missing("ErrImagePull", unreachable.get(), true);
      }
      return images.ensure(wanted);
    } catch (Missing e) {
      return standIns
          .instead(name, e.text(), LOG::warning)
          .map(id -> new Present(id, "", standIns.shown(name) + "@" + id, true))
          .orElseThrow(() -> new Missing(e.reason(), standIns.advice(name, e.text()), e.again()));
    }
  }

  /** The name, when it is readable and of another registry than ours. */
  private Optional<ImageName> other(String image) {
    try {
      ImageName name = ImageName.parse(image);
      return standIns.isOurs(name) ? Optional.empty() : Optional.of(name);
    } catch (dev.esteira.base.EsteiraException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> currentDigest(String image) {
    return images.currentDigest(image);
  }

  @Override
  public Optional<String> houseTag(String image) {
    return images.houseTag(image);
  }
}
