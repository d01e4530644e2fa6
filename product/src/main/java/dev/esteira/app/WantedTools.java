package dev.esteira.app;

import dev.esteira.images.BaseImages;
import dev.esteira.pipeline.Dialect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The versions of the tools that a job wants: those of {@code runtime-versions}, and for Java,
 * where that says nothing, what the commit's own build file compiles for.
 *
 * @param java what the image has is 17
 * @param python 3.9 where an old one is asked for, else the image's own
 */
record WantedTools(int node, int java, Optional<String> python, String go) {
  private static final int NODE = 20;
  private static final int JAVA = 17;
  private static final List<Integer> JAVAS = List.of(8, 11, 17, 21, 25);
  private static final int OLD_PYTHON_MINOR_MAX = 9;

  private static final Pattern MAJOR = Pattern.compile("\\D*([0-9]{1,3}).*");
  private static final Pattern OLD_PYTHON = Pattern.compile("3\\.([0-9]{1,2})(?:\\..*)?");
  private static final Pattern GO = Pattern.compile("(1\\.[0-9]+).*");

  /** In Maven's files and in Gradle's. */
  private static final Pattern COMPILES_FOR =
      Pattern.compile(
          "<(?:java\\.version|maven\\.compiler\\.(?:release|source|target)|release|source)>"
              + "\\s*([0-9]+)\\s*<|JavaLanguageVersion\\.of\\(([0-9]+)\\)");

  /** {@code runtimes} are versions as the job asks for them, by language. */
  static WantedTools of(Map<String, String> runtimes, Dialect.Tree tree) {
    return new WantedTools(
        asked(runtimes, "nodejs", MAJOR).map(Integer::valueOf).orElse(NODE),
        nearest(
            asked(runtimes, "java", MAJOR).map(Integer::valueOf).orElseGet(() -> ofFiles(tree))),
        asked(runtimes, "python", OLD_PYTHON)
            .filter(minor -> Integer.parseInt(minor) <= OLD_PYTHON_MINOR_MAX)
            .map(_ -> "3.9"),
        asked(runtimes, "golang", GO).orElse("latest"));
  }

  private static Optional<String> asked(
      Map<String, String> runtimes, String language, Pattern version) {
    return Optional.ofNullable(runtimes.get(language))
        .map(version::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1));
  }

  /** With Node.js and Java, and with an old Python where that is wanted. */
  String image() {
    String other = java == JAVA ? "" : "-java" + java;
    return python
        .map(version -> "esteira/tools" + other + "-node" + node + "-python:" + version)
        .orElse(
            other.isEmpty() ? BaseImages.TOOLS + node : "esteira/tools" + other + "-node:" + node);
  }

  /** Java's later versions are asked for by the files; what earlier ones compile, 17 does too. */
  private static int ofFiles(Dialect.Tree tree) {
    return List.of("pom.xml", "build.gradle", "build.gradle.kts").stream()
        .flatMap(file -> tree.read(file).stream())
        .flatMap(text -> COMPILES_FOR.matcher(text).results())
        .map(result -> result.group(1) == null ? result.group(2) : result.group(1))
        .map(Integer::valueOf)
        .reduce(JAVA, Math::max);
  }

  private static int nearest(int version) {
    return JAVAS.stream().filter(v -> v >= version).findFirst().orElse(JAVAS.getLast());
  }
}
