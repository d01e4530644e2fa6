package dev.esteira.images;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tomcat of the major version that a tag names, on a Java that runs what the tag's one does. */
final class TomcatRecipe {
  private static final Pattern MAJOR = Pattern.compile("^([0-9]+)");
  private static final Pattern JAVA =
      Pattern.compile("(?:jdk|jre|openjdk|corretto|temurin)-?([0-9]+)");
  private static final int LATEST = 10;
  private static final int OF_BULLSEYE = 9;
  private static final int LAST_OF_BOOKWORM = 17;

  private TomcatRecipe() {}

  static Optional<Blueprint> of(String tag) {
    int major = Versions.number(MAJOR, tag).orElse(LATEST);
    if (major <= OF_BULLSEYE) {
      return Optional.of(recipe(9, 17, Grounds.BULLSEYE));
    }
    boolean isNew = Versions.number(JAVA, tag).orElse(LAST_OF_BOOKWORM) > LAST_OF_BOOKWORM;
    if (major > LATEST) {
      return Optional.of(recipe(11, 21, Grounds.TRIXIE));
    }
    return Optional.of(isNew ? recipe(10, 21, Grounds.TRIXIE) : recipe(10, 17, Grounds.BOOKWORM));
  }

  private static LayerRecipe recipe(int major, int java, Blueprint ground) {
    return new LayerRecipe(
        "tomcat",
        major + "-jdk" + java,
        "Tomcat %d with Java %d on %s".formatted(major, java, Grounds.says(ground)),
        ground,
        List.of("openjdk-" + java + "-jdk-headless", "fontconfig", "tomcat" + major, "unzip"),
        "",
        "tomcat.sh",
        ImageDefaults.running(
                List.of(
                    Grounds.PATH.replace(
                        "PATH=", "PATH=/usr/local/tomcat/bin:/opt/java/openjdk/bin:"),
                    "CATALINA_HOME=/usr/local/tomcat",
                    "JAVA_HOME=/opt/java/openjdk",
                    "LANG=C.UTF-8"),
                List.of(),
                List.of("catalina.sh", "run"))
            .in("/usr/local/tomcat")
            .exposing("8080/tcp"),
        60);
  }
}
