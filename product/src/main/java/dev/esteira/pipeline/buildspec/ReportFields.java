package dev.esteira.pipeline.buildspec;

import dev.esteira.base.YamlNode;
import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The {@code reports} of a buildspec: kept after every end of the build, those of JUnit counted.
 * Groups of one format are one report here.
 */
final class ReportFields {
  private static final Set<String> KNOWN =
      Set.of("files", "base-directory", "discard-paths", "file-format");
  private static final Map<String, String> KINDS =
      Map.of(
          "junitxml", "junit",
          "cucumberjson", "cucumber",
          "testngxml", "testng",
          "visualstudiotrx", "trx",
          "nunitxml", "nunit",
          "nunit3xml", "nunit3",
          "cloverxml", "clover",
          "coberturaxml", "cobertura",
          "jacocoxml", "jacoco",
          "simplecov", "simplecov");

  private final Fields fields;

  ReportFields(Fields fields) {
    this.fields = fields;
  }

  /** At most one, without files of its own. */
  List<Plan.Artifacts> artifacts(YamlNode.Mapping top) {
    Map<String, List<String>> paths = new TreeMap<>();
    fields
        .mapping(top, "reports")
        .ifPresent(groups ->
            groups
                .entries()
                .forEach(e -> group(e.key(), fields.asMapping(e.value(), e.key()), paths)));
    return paths.isEmpty()
        ? List.of()
        : List.of(
            new Plan.Artifacts(
                "reports",
                "",
                List.of(),
                List.of(),
                false,
                Plan.Keep.ALWAYS,
                Optional.empty(),
                false,
                paths));
  }

  private void group(String name, YamlNode.Mapping from, Map<String, List<String>> paths) {
    fields.unknown(from, "reports." + name + ".", KNOWN);
    String format = fields.text(from, "file-format").orElse("JUNITXML");
    String kind = KINDS.get(format.toLowerCase(Locale.ROOT));
    if (kind == null) {
      fields.notice(
          from.line(),
          "reports.%s: the file-format '%s' is not known here; its files are not kept"
              .formatted(name, format));
      return;
    }
    String base =
        fields.text(from, "base-directory").map(b -> b.replaceFirst("/+$", "") + "/").orElse("");
    List<String> files = fields.texts(from, "files");
    if (files.isEmpty()) {
      fields.notice(from.line(), "reports." + name + " names no files: nothing is kept of it");
      return;
    }
    files.forEach(file -> paths.computeIfAbsent(kind, _ -> new ArrayList<>()).add(base + file));
  }
}
