package dev.esteira.runner;

import dev.esteira.pipeline.Runs;
import java.util.function.Consumer;

/** Makes a job's image ready in the engine, whatever name its file gives it. */
@FunctionalInterface
public interface ImageResolver {
  /**
   * Returns the name or id by which the engine knows the image. An image that does not exist is
   * {@code NOT_FOUND} and fails the job; anything else is our failure. Progress is for the log.
   */
  String resolve(Runs.Request run, String image, Consumer<String> progress);
}
