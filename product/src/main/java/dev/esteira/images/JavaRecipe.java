package dev.esteira.images;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A JDK of the major version that a tag names, alone or with Maven. */
final class JavaRecipe {
  private static final Set<String> REPOSITORIES =
      Set.of(
          "openjdk",
          "eclipse-temurin",
          "amazoncorretto",
          "adoptopenjdk",
          "ibm-semeru-runtimes",
          "sapmachine",
          "public.ecr.aws/amazoncorretto/amazoncorretto",
          "bellsoft/liberica-openjdk-alpine",
          "bellsoft/liberica-openjdk-debian",
          "bellsoft/liberica-openjre-alpine",
          "bellsoft/liberica-runtime-container",
          "azul/zulu-openjdk",
          "azul/zulu-openjdk-alpine",
          "azul/zulu-openjdk-debian",
          "java",
          "mcr.microsoft.com/java/jdk",
          "mcr.microsoft.com/java/jre",
          "mcr.microsoft.com/openjdk/jdk");

  /** Deprecated before Java 9: its latest is Java 8. */
  private static final String DEPRECATED = "java";

  private static final Pattern LEADING = Pattern.compile("^(?:jdk-|jre-|open-)?v?([0-9]+)");

  /** Behind Maven's own version: 3.8-openjdk-17, 3-jdk-11, 3.9-amazoncorretto-21-debian. */
  private static final Pattern OF_MAVEN =
      Pattern.compile("(?:jdk|openjdk|temurin|corretto|semeru|sapmachine|zulu|ibmjava)-([0-9]+)");

  private static final Pattern IN_NAME = Pattern.compile("openjdk-?([0-9]+)");
  private static final List<Integer> VERSIONS = List.of(8, 11, 17, 21, 25);
  private static final int LTS = 21;
  private static final int OLDEST_OF_TRIXIE = 21;
  private static final int OF_BOOKWORM = 17;

  private JavaRecipe() {}

  static Optional<Blueprint> of(String repository, String tag) {
    if (repository.equals("maven")) {
      int version = Versions.number(OF_MAVEN, tag).orElse(tag.equals("latest") ? LTS : OF_BOOKWORM);
      return Optional.of(maven(Versions.nearest(version, VERSIONS)));
    }
    if (repository.startsWith("adoptopenjdk/openjdk")) {
      return Versions.number(IN_NAME, repository).map(v -> jdk(Versions.nearest(v, VERSIONS)));
    }
    if (!REPOSITORIES.contains(repository)) {
      return Optional.empty();
    }
    int newest = repository.equals(DEPRECATED) ? VERSIONS.getFirst() : LTS;
    return Optional.of(
        jdk(Versions.nearest(Versions.number(LEADING, tag).orElse(newest), VERSIONS)));
  }

  private static ImageRecipe ground(int version) {
    if (version == OF_BOOKWORM) {
      return Grounds.BOOKWORM;
    }
    return version >= OLDEST_OF_TRIXIE ? Grounds.TRIXIE : Grounds.SID;
  }

  private static LayerRecipe jdk(int version) {
    return new LayerRecipe(
        "java",
        Integer.toString(version),
        "a JDK of Java " + version + " on " + Grounds.says(ground(version)),
        ground(version),
        List.of("openjdk-" + version + "-jdk-headless", "fontconfig"),
        "",
        "java.sh",
        defaults(version == 8 ? "/bin/sh" : "jshell"),
        60);
  }

  private static LayerRecipe maven(int version) {
    return new LayerRecipe(
        "maven",
        Integer.toString(version),
        "Maven with a JDK of Java " + version + " on " + Grounds.says(ground(version)),
        jdk(version),
        List.of("git", "maven"),
        "",
        "maven.sh",
        defaults("mvn"),
        40);
  }

  private static ImageDefaults defaults(String command) {
    return ImageDefaults.running(
        List.of(
            Grounds.PATH.replace("PATH=", "PATH=/opt/java/openjdk/bin:"),
            "JAVA_HOME=/opt/java/openjdk",
            "LANG=C.UTF-8"),
        List.of(),
        List.of(command));
  }
}
