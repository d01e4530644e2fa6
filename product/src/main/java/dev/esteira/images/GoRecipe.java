package dev.esteira.images;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Go of the version that a tag of the official image names. */
final class GoRecipe {
  private static final Pattern VERSION = Pattern.compile("^([0-9]+\\.[0-9]+)(\\.[0-9]+)?");

  private GoRecipe() {}

  static Optional<Blueprint> of(String tag) {
    Matcher matcher = VERSION.matcher(tag);
    String version = matcher.find() ? matcher.group(1) : "latest";
    boolean isSmall = tag.contains("alpine");
    return Optional.of(
        new LayerRecipe(
            isSmall ? "go-slim" : "go",
            version,
            "Go " + version + " on Debian 12",
            isSmall ? Grounds.BOOKWORM : Grounds.BUILDPACK,
            List.of(),
            "",
            "go.sh",
            ImageDefaults.running(
                    List.of(
                        Grounds.PATH.replace("PATH=", "PATH=/go/bin:/usr/local/go/bin:"),
                        "GOPATH=/go",
                        "GOTOOLCHAIN=local"),
                    List.of(),
                    List.of("bash"))
                .in("/go"),
            60));
  }
}
