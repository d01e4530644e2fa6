package dev.esteira.images;

import java.util.List;
import java.util.function.Consumer;

/** The images that Esteira ships, made from Debian packages where no upstream can be reached. */
public interface BaseImages {
  /** The standard build image: bash git curl jq docker aws kubectl python. */
  String STANDARD = "esteira/standard:1";

  /** What instances are made from: systemd, NGINX, docker, aws, curl. Made when first asked for. */
  String INSTANCE = "esteira/instance:1";

  /**
   * The standard build image with Java, Maven, Docker Compose and Node.js; the major version of
   * Node.js follows. Made when first asked for.
   */
  String TOOLS = "esteira/tools-node:";

  /** A shipped image: its name as a Dockerfile writes it, and what it is. */
  record Recipe(String name, String purpose) {}

  /** Those that are made before anybody asks for them; others are made when they are needed. */
  List<Recipe> recipes();

  /**
   * Makes the image ready: in the engine under {@code name} and in our registry. Uses the cache
   * outside the home when it has it. Idempotent, one at a time for each name. Progress is for
   * people. Returns the engine's image id.
   */
  String ensure(String name, Consumer<String> progress);

  /** Whether this is a name that {@link #ensure} can make. */
  boolean ships(String name);
}
