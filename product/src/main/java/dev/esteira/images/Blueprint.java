package dev.esteira.images;

/** How to make an image: a whole root file system, or one layer on top of another image. */
sealed interface Blueprint permits ImageRecipe, LayerRecipe {
  /** As people see it. */
  String name();

  /** What it holds, as the object of a sentence. */
  String says();

  /** The name in files. */
  String slug();

  ImageDefaults defaults();

  /** What making it took on a small machine, for the progress lines. */
  int expectedSeconds();
}
