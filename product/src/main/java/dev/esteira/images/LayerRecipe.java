package dev.esteira.images;

import java.util.List;

/**
 * One layer on top of another image, which several recipes share.
 *
 * @param family what it is, such as {@code node}; with the version its name
 * @param version what its scripts get as their first argument
 * @param says what it holds, in a sentence's object
 * @param ground the image below
 * @param packages Debian packages, of the ground's own release
 * @param fetch the script that brings what is no Debian package, run beside Python; or empty
 * @param script the script that finishes the layer; or empty
 */
record LayerRecipe(
    String family,
    String version,
    String says,
    Blueprint ground,
    List<String> packages,
    String fetch,
    String script,
    ImageDefaults defaults,
    int expectedSeconds)
    implements Blueprint {
  LayerRecipe {
    packages = List.copyOf(packages);
  }

  @Override
  public String name() {
    return "esteira/" + family + ":" + version;
  }

  @Override
  public String slug() {
    return "layer-" + family + "-" + version;
  }
}
