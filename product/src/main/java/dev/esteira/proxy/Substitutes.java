package dev.esteira.proxy;

import dev.esteira.engine.ImageName;
import java.util.Optional;
import java.util.function.Consumer;

/** Images in place of those whose registry cannot be reached. Thread-safe; blocking. */
public interface Substitutes {
  /** Nothing stands in for anything. */
  Substitutes NONE =
      new Substitutes() {
        @Override
        public Optional<String> unreachable(String host) {
          return Optional.empty();
        }

        @Override
        public Optional<String> instead(ImageName asked, String why, Consumer<String> said) {
          return Optional.empty();
        }

        @Override
        public String advice(ImageName asked, String why) {
          return why;
        }
      };

  /** Why a registry needs not be asked: it could not be reached a moment ago. */
  Optional<String> unreachable(String host);

  /**
   * The engine's id of an image that does in place of one that could not be had; empty when the
   * registry was reached and has it not, or nothing does. What happens, and how to get the real one
   * here, is said line by line, for people.
   */
  Optional<String> instead(ImageName asked, String why, Consumer<String> said);

  /**
   * The engine's id of an image that does, as the base of a build, in place of one of our registry
   * that nobody has pushed; empty when its name tells of no general image.
   */
  default Optional<String> notPushed(ImageName asked, Consumer<String> said) {
    return Optional.empty();
  }

  /** The sentence for whoever gets neither: the image, the registry, why, what to do. */
  String advice(ImageName asked, String why);
}
