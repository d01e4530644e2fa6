package dev.esteira.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Ruby of the version that a tag names, or the nearest that a Debian release has. */
final class RubyRecipe {
  private static final Pattern MAJOR = Pattern.compile("^([0-9]+)");
  private static final Pattern MINOR = Pattern.compile("^3\\.([0-9]+)");
  private static final int LATEST = 3;
  private static final int LAST_OF_BOOKWORM = 1;

  /** What the larger official image has, for gems that compile. */
  private static final List<String> HEADERS =
      List.of(
          "default-libmysqlclient-dev",
          "g++",
          "git",
          "libffi-dev",
          "libpq-dev",
          "libsqlite3-dev",
          "libssl-dev",
          "libxml2-dev",
          "libyaml-dev",
          "make",
          "patch",
          "pkg-config",
          "zlib1g-dev");

  private RubyRecipe() {}

  static Optional<Blueprint> of(String tag) {
    int major = Versions.number(MAJOR, tag).orElse(LATEST);
    if (major < 2) {
      return Optional.empty();
    }
    if (major == 2) {
      return Optional.of(recipe(tag, "2.7", Grounds.BULLSEYE));
    }
    return Optional.of(
        Versions.number(MINOR, tag).orElse(LATEST) > LAST_OF_BOOKWORM
            ? recipe(tag, "3.3", Grounds.TRIXIE)
            : recipe(tag, "3.1", Grounds.BOOKWORM));
  }

  private static LayerRecipe recipe(String tag, String version, Blueprint ground) {
    boolean isSmall = tag.contains("alpine") || tag.contains("slim");
    List<String> packages = new ArrayList<>(List.of("bundler", "rake", "ruby", "ruby-dev"));
    if (!isSmall) {
      packages.addAll(HEADERS);
    }
    return new LayerRecipe(
        isSmall ? "ruby-slim" : "ruby",
        version,
        "Ruby " + version + " with Bundler on " + Grounds.says(ground),
        ground,
        packages,
        "",
        "ruby.sh",
        ImageDefaults.running(
            List.of(
                Grounds.PATH.replace("PATH=", "PATH=/usr/local/bundle/bin:"),
                "LANG=C.UTF-8",
                "RUBY_VERSION=" + version,
                "GEM_HOME=/usr/local/bundle",
                "BUNDLE_APP_CONFIG=/usr/local/bundle",
                "BUNDLE_SILENCE_ROOT_WARNING=1"),
            List.of(),
            List.of("irb")),
        40);
  }
}
