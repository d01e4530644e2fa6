package dev.esteira.images;

import dev.esteira.engine.ImageName;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Images of Debian packages that can do for general ones that cannot be reached. They have the same
 * programs, users and places, and the major version that was asked for where that can be had; they
 * are not the same images, so whoever gets one must be told. Thread-safe.
 */
public interface StandInImages {
  /**
   * What there is in place of an image.
   *
   * @param image its name here
   * @param says what it holds, as the object of a sentence
   */
  record StandIn(String image, String says) {}

  /** The stand-in for an image of another registry, if there is one. Says nothing of ours. */
  Optional<StandIn> of(ImageName asked);

  /**
   * Makes it ready in the engine and returns its id there. The first time on a machine takes up to
   * minutes, with progress for people.
   */
  String ensure(StandIn standIn, Consumer<String> progress);
}
