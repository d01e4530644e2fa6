package dev.esteira.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Python of the minor version that a tag names, or of the nearest that a Debian release has. */
final class PythonRecipe {
  private static final Pattern MINOR = Pattern.compile("^3\\.([0-9]+)");

  /** What the larger official image has, for packages that compile. */
  private static final List<String> HEADERS =
      List.of(
          "default-libmysqlclient-dev",
          "libffi-dev",
          "libjpeg-dev",
          "libpq-dev",
          "libssl-dev",
          "libxml2-dev",
          "libxslt1-dev",
          "python3-dev",
          "zlib1g-dev");

  private static final List<String> OLD_SYSTEMS = List.of("jessie", "stretch", "buster");

  private PythonRecipe() {}

  static Optional<Blueprint> of(String tag) {
    if (tag.startsWith("2")) {
      return Optional.empty();
    }
    // The last image of each of these systems had a Python of its time.
    boolean isOld = OLD_SYSTEMS.stream().anyMatch(tag::contains);
    int minor = Versions.number(MINOR, tag).orElse(isOld ? 9 : 11);
    boolean isSmall = tag.contains("alpine") || tag.contains("slim");
    if (minor <= 9) {
      return Optional.of(recipe("3.9", Grounds.BULLSEYE, false));
    }
    if (minor <= 12) {
      return Optional.of(recipe("3.11", isSmall ? Grounds.BOOKWORM : Grounds.BUILDPACK, !isSmall));
    }
    return Optional.of(
        minor == 13 ? recipe("3.13", Grounds.TRIXIE, false) : recipe("3.14", Grounds.SID, false));
  }

  private static LayerRecipe recipe(String version, Blueprint ground, boolean withHeaders) {
    List<String> packages = new ArrayList<>(List.of("python3", "python3-pip", "python3-venv"));
    if (withHeaders) {
      packages.addAll(HEADERS);
    }
    return new LayerRecipe(
        withHeaders ? "python" : "python-slim",
        version,
        "Python " + version + " on " + (withHeaders ? "Debian 12" : Grounds.says(ground)),
        ground,
        packages,
        "",
        "python-layer.sh",
        ImageDefaults.running(List.of(Grounds.PATH, "LANG=C.UTF-8"), List.of(), List.of("python3")),
        40);
  }
}
