package dev.esteira.pipeline.buildspec;

import dev.esteira.base.YamlNode;
import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code artifacts} of a buildspec, the secondary ones included. */
final class ArtifactFields {
  private static final String PRIMARY = "artifacts";
  private static final Set<String> KNOWN =
      Set.of("files", "name", "base-directory", "discard-paths", "exclude-paths");
  private static final Set<String> UNUSED = Set.of("enable-symlinks", "s3-prefix");

  private final Fields fields;

  ArtifactFields(Fields fields) {
    this.fields = fields;
  }

  List<Plan.Artifacts> artifacts(YamlNode.Mapping top) {
    Optional<YamlNode.Mapping> primary = fields.mapping(top, "artifacts");
    List<Plan.Artifacts> all = new ArrayList<>();
    primary.flatMap(p -> one(PRIMARY, p, true)).ifPresent(all::add);
    primary
        .flatMap(p -> fields.mapping(p, "secondary-artifacts"))
        .ifPresent(secondary ->
            secondary
                .entries()
                .forEach(e ->
                    one(e.key(), fields.asMapping(e.value(), e.key()), false).ifPresent(all::add)));
    return all;
  }

  private Optional<Plan.Artifacts> one(String id, YamlNode.Mapping from, boolean primary) {
    for (YamlNode.Entry entry : from.entries()) {
      boolean secondaries = primary && entry.key().equals("secondary-artifacts");
      if (UNUSED.contains(entry.key())) {
        fields.notice(entry.line(), "artifacts." + entry.key() + " is accepted and unused");
      } else if (!KNOWN.contains(entry.key()) && !secondaries) {
        fields.notice(
            entry.line(), "'artifacts." + entry.key() + "' is not known here and is ignored");
      }
    }
    List<String> files = fields.texts(from, "files");
    if (files.isEmpty()) {
      fields.notice(from.line(), "artifacts '" + id + "' name no files: nothing is kept of them");
      return Optional.empty();
    }
    return Optional.of(
        new Plan.Artifacts(
            fields.text(from, "name").orElse(id),
            fields.text(from, "base-directory").orElse(""),
            files,
            fields.texts(from, "exclude-paths"),
            fields.flag(from, "discard-paths")));
  }
}
