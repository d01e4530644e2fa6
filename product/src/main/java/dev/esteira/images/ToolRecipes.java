package dev.esteira.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The standard build image with the tools that only some jobs call. */
final class ToolRecipes {
  private static final Pattern NAME = Pattern.compile("esteira/tools-node:([0-9]{1,2})");

  private static final LayerRecipe JAVA =
      new LayerRecipe(
          "tools",
          "17",
          "the standard build image with a JDK of Java 17, Maven and Docker Compose",
          ImageRecipe.STANDARD,
          List.of("docker-compose", "fontconfig", "maven", "openjdk-17-jdk-headless"),
          "",
          "tools.sh",
          defaults(),
          90);

  private ToolRecipes() {}

  static Optional<LayerRecipe> find(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(withNode(Integer.parseInt(matcher.group(1))))
        : Optional.empty();
  }

  private static LayerRecipe withNode(int major) {
    return new LayerRecipe(
        "tools-node",
        Integer.toString(major),
        JAVA.says() + " and Node.js " + major,
        JAVA,
        List.of(),
        "node-fetch.sh",
        "node.sh",
        defaults(),
        30);
  }

  private static ImageDefaults defaults() {
    List<String> env = new ArrayList<>(ImageRecipe.STANDARD.env());
    env.add("JAVA_HOME=/opt/java/openjdk");
    env.add("NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt");
    return ImageDefaults.running(env, List.of(), ImageRecipe.STANDARD.command());
  }
}
