package dev.esteira.proxy;

/** What a policy must ask about an owner's things; each answer is in the engine's own names. */
interface Sandbox {
  /** The engine's name of one of the owner's images; a missing one is an {@link EngineError}. */
  String image(String reference);

  /** The id of one of the owner's containers; another's is missing. */
  String container(String reference);

  /** The engine's name of one of the owner's networks; another's is missing. */
  String network(String reference);

  /** The engine's name of a volume of the owner. */
  String volume(String name);

  /**
   * A path that the engine may bind: the file that {@code source} means inside the sandbox, held
   * fast, so that nothing the sandbox does later can lead elsewhere.
   *
   * @param create makes a directory where there is nothing
   */
  String bind(String source, boolean create);

  /** The address of the owner's network on which published ports appear. */
  String gateway();
}
