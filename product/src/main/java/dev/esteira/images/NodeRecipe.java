package dev.esteira.images;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Node.js of the major version that a tag of the official image names. */
final class NodeRecipe {
  private static final Pattern VERSION = Pattern.compile("v?([0-9]+)(?:[.-].*)?");
  private static final int LTS = 24;
  private static final int OLDEST = 8;
  private static final Map<String, Integer> NAMES =
      Map.ofEntries(
          Map.entry("carbon", 8),
          Map.entry("dubnium", 10),
          Map.entry("erbium", 12),
          Map.entry("fermium", 14),
          Map.entry("gallium", 16),
          Map.entry("hydrogen", 18),
          Map.entry("iron", 20),
          Map.entry("jod", 22),
          Map.entry("krypton", LTS));

  private NodeRecipe() {}

  static Optional<Blueprint> of(String tag) {
    Matcher numbered = VERSION.matcher(tag);
    String name = tag.split("-", 2)[0];
    int major =
        numbered.matches() ? Integer.parseInt(numbered.group(1)) : NAMES.getOrDefault(name, LTS);
    return major < OLDEST ? Optional.empty() : Optional.of(recipe(major));
  }

  /**
   * Compilers come with every tag: the finished native modules that small images rely on lie on
   * pages that cannot be reached where a stand-in is needed, and then they are built.
   */
  private static LayerRecipe recipe(int major) {
    return new LayerRecipe(
        "node",
        Integer.toString(major),
        "Node.js " + major + " with npm and yarn on Debian 12",
        Grounds.BUILDPACK,
        List.of("libatomic1"),
        "node-fetch.sh",
        "node.sh",
        ImageDefaults.running(
            List.of(
                Grounds.PATH,
                "YARN_VERSION=1.22.22",
                // Node.js brings its own list of authorities; the host's bundle is in this file.
                "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt"),
            List.of("docker-entrypoint.sh"),
            List.of("node")),
        30);
  }
}
