package dev.esteira.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** PHP of the version that a tag names, or the nearest that a Debian release has. */
final class PhpRecipe {
  private static final Pattern MAJOR = Pattern.compile("^([0-9]+)");
  private static final Pattern MINOR = Pattern.compile("^8\\.([0-9]+)");
  private static final int LATEST = 8;
  private static final int LAST_OF_BOOKWORM = 2;

  private PhpRecipe() {}

  static Optional<Blueprint> of(String tag) {
    int major = Versions.number(MAJOR, tag).orElse(LATEST);
    if (major < 7) {
      return Optional.empty();
    }
    if (major == 7) {
      return Optional.of(recipe(tag, "7.4", Grounds.BULLSEYE));
    }
    return Optional.of(
        Versions.number(MINOR, tag).orElse(LATEST) > LAST_OF_BOOKWORM
            ? recipe(tag, "8.4", Grounds.TRIXIE)
            : recipe(tag, "8.2", Grounds.BOOKWORM));
  }

  private static LayerRecipe recipe(String tag, String version, Blueprint ground) {
    List<String> packages = new ArrayList<>(List.of("curl", "unzip"));
    for (String part : List.of("cli", "curl", "mbstring", "xml")) {
      packages.add("php" + version + "-" + part);
    }
    List<String> env = List.of(Grounds.PATH, "PHP_INI_DIR=/usr/local/etc/php");
    String family = "php";
    ImageDefaults defaults =
        ImageDefaults.running(env, List.of("docker-php-entrypoint"), List.of("php", "-a"));
    if (tag.contains("apache")) {
      family = "php-apache";
      packages.addAll(List.of("apache2", "libapache2-mod-php" + version));
      defaults =
          ImageDefaults.running(
                  env, List.of("docker-php-entrypoint"), List.of("apache2-foreground"))
              .in("/var/www/html")
              .exposing("80/tcp")
              .stoppedBy("SIGWINCH");
    } else if (tag.contains("fpm")) {
      family = "php-fpm";
      packages.add("php" + version + "-fpm");
      defaults =
          ImageDefaults.running(env, List.of("docker-php-entrypoint"), List.of("php-fpm"))
              .in("/var/www/html")
              .exposing("9000/tcp")
              .stoppedBy("SIGQUIT");
    }
    return new LayerRecipe(
        family,
        version,
        "PHP %s%s on %s"
            .formatted(
                version, family.equals("php-apache") ? " with Apache" : "", Grounds.says(ground)),
        ground,
        packages,
        "",
        "php.sh",
        defaults,
        40);
  }
}
