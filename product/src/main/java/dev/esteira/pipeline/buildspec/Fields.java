package dev.esteira.pipeline.buildspec;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.YamlNode;
import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Takes values of the wanted shape out of nodes; what does not fit is told with its line. */
final class Fields {
  private final String file;
  private final List<Plan.Notice> notices = new ArrayList<>();

  Fields(String file) {
    this.file = file;
  }

  List<Plan.Notice> notices() {
    return notices.stream().sorted(Comparator.comparingInt(Plan.Notice::line)).toList();
  }

  void notice(int line, String text) {
    notices.add(new Plan.Notice(file, line, text));
  }

  EsteiraException invalid(int line, String problem) {
    return EsteiraException.invalid(file + ":" + line + ": " + problem);
  }

  /** The mapping under a key; nothing and absent are empty, another shape is refused. */
  Optional<YamlNode.Mapping> mapping(YamlNode.Mapping parent, String key) {
    return parent.get(key).filter(n -> !n.isNull()).map(n -> asMapping(n, key));
  }

  YamlNode.Mapping asMapping(YamlNode node, String name) {
    if (node instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    throw invalid(
        node.line(), "'" + name + "' must be a mapping of keys, but it is " + node.kind());
  }

  Optional<String> text(YamlNode.Mapping parent, String key) {
    return parent.get(key).filter(n -> !n.isNull()).map(n -> asText(n, key));
  }

  String asText(YamlNode node, String name) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.isNull() ? "" : scalar.text();
    }
    throw invalid(node.line(), "'" + name + "' must be text, but it is " + node.kind());
  }

  /** A list of texts; one text alone counts as a list of one. */
  List<String> texts(YamlNode.Mapping parent, String key) {
    Optional<YamlNode> node = parent.get(key).filter(n -> !n.isNull());
    if (node.isEmpty()) {
      return List.of();
    }
    return switch (node.get()) {
      case YamlNode.Scalar scalar -> scalar.text().strip().lines().map(String::strip).toList();
      case YamlNode.Sequence list ->
          list.items().stream().filter(n -> !n.isNull()).map(n -> asText(n, key)).toList();
      case YamlNode.Mapping mapping ->
          throw invalid(mapping.line(), "'" + key + "' must be a list, but it is a mapping");
    };
  }

  /** {@code yes}, {@code true}, {@code on} in any case; everything else is no. */
  boolean flag(YamlNode.Mapping parent, String key) {
    String value = text(parent, key).orElse("no").toLowerCase(Locale.ROOT);
    return Set.of("yes", "true", "on").contains(value);
  }

  /** A notice for each key that nobody here reads. */
  void unknown(YamlNode.Mapping mapping, String where, Set<String> known) {
    for (YamlNode.Entry entry : mapping.entries()) {
      if (!known.contains(entry.key())) {
        notice(entry.line(), "'" + where + entry.key() + "' is not known here and is ignored");
      }
    }
  }
}
