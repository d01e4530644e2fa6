package dev.esteira.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The standard build image with the tools that only some jobs call, in the versions they want. */
final class ToolRecipes {
  private static final Pattern NODE =
      Pattern.compile("esteira/tools(?:-java([0-9]{1,2}))?-node:([0-9]{1,2})");
  private static final Pattern NODE_AND_PYTHON =
      Pattern.compile("esteira/tools(?:-java([0-9]{1,2}))?-node([0-9]{1,2})-python:3\\.9");
  private static final Pattern PYTHON = Pattern.compile("esteira/tools-python:3\\.9");
  private static final Pattern GO = Pattern.compile("esteira/tools-go:(latest|1\\.[0-9]{1,2})");
  private static final Set<Integer> OTHER_JAVAS = Set.of(8, 11, 21, 25);

  private static final LayerRecipe JAVA =
      new LayerRecipe(
          "tools",
          "17",
          "the standard build image with a JDK of Java 17, Maven and Docker Compose",
          ImageRecipe.STANDARD,
          List.of("fontconfig", "maven", "openjdk-17-jdk-headless"),
          "",
          "tools.sh",
          defaults(),
          90);

  private ToolRecipes() {}

  static Optional<LayerRecipe> find(String name) {
    Matcher node = NODE.matcher(name);
    if (node.matches()) {
      return java(node.group(1)).map(java -> node(java, Integer.parseInt(node.group(2))));
    }
    Matcher both = NODE_AND_PYTHON.matcher(name);
    if (both.matches()) {
      return java(both.group(1))
          .map(java -> node(java, Integer.parseInt(both.group(2))))
          .map(ground -> python(ground.family() + ground.version() + "-python", ground));
    }
    Matcher go = GO.matcher(name);
    if (go.matches()) {
      return Optional.of(go(go.group(1)));
    }
    return PYTHON.matcher(name).matches()
        ? Optional.of(python("tools-python", ImageRecipe.STANDARD))
        : Optional.empty();
  }

  /** Without a number the image's own; nothing for one that no release has. */
  private static Optional<LayerRecipe> java(@Nullable String number) {
    if (number == null) {
      return Optional.of(JAVA);
    }
    int version = Integer.parseInt(number);
    return OTHER_JAVAS.contains(version) ? Optional.of(java(version)) : Optional.empty();
  }

  private static LayerRecipe java(int version) {
    return new LayerRecipe(
        "tools-java",
        Integer.toString(version),
        JAVA.says().replace("Java 17", "Java " + version),
        JAVA,
        List.of(),
        "",
        "tools-java.sh",
        defaults(),
        60);
  }

  private static LayerRecipe node(LayerRecipe java, int major) {
    return new LayerRecipe(
        java.equals(JAVA) ? "tools-node" : "tools-java" + java.version() + "-node",
        Integer.toString(major),
        java.says() + " and Node.js " + major,
        java,
        List.of(),
        "node-fetch.sh",
        "node.sh",
        defaults(),
        30);
  }

  private static LayerRecipe python(String family, Blueprint ground) {
    return new LayerRecipe(
        family,
        "3.9",
        ground.says() + ", with Python 3.9",
        ground,
        List.of(),
        "",
        "tools-python.sh",
        ground.defaults(),
        60);
  }

  private static LayerRecipe go(String version) {
    return new LayerRecipe(
        "tools-go",
        version,
        "the standard build image with Go " + version,
        ImageRecipe.STANDARD,
        List.of("gcc", "libc6-dev"),
        "",
        "tools-go.sh",
        ImageRecipe.STANDARD.defaults(),
        60);
  }

  private static ImageDefaults defaults() {
    List<String> env = new ArrayList<>(ImageRecipe.STANDARD.env());
    env.add("JAVA_HOME=/opt/java/openjdk");
    env.add("NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt");
    return ImageDefaults.running(env, List.of(), ImageRecipe.STANDARD.command());
  }
}
