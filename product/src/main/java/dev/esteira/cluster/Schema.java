package dev.esteira.cluster;

import dev.esteira.cluster.Definition.Field;
import dev.esteira.cluster.Definition.Strategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The types of the API, read once from {@code types.txt}, whose head explains its form. */
final class Schema {
  static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private static final Schema INSTANCE = new Schema(lines());

  private final Map<String, Definition> definitions = new LinkedHashMap<>();

  /** Full names by short names, which are unique. */
  private final Map<String, String> names = new HashMap<>();

  static Schema get() {
    return INSTANCE;
  }

  private Schema(List<String> lines) {
    readNames(lines);
    String section = "";
    int i = 0;
    while (i < lines.size()) {
      String line = lines.get(i++);
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1) + ".";
      } else {
        List<String> fields = new ArrayList<>();
        while (i < lines.size() && lines.get(i).startsWith("  ")) {
          fields.addAll(List.of(lines.get(i++).strip().split(", ")));
        }
        define(section, line, fields);
      }
    }
  }

  Collection<Definition> definitions() {
    return definitions.values();
  }

  Definition definition(String fullName) {
    return java.util.Objects.requireNonNull(definitions.get(fullName), fullName);
  }

  /** The definition of a stored kind. */
  Definition of(Kind kind) {
    return byShortName(kind.kind());
  }

  Optional<Definition> find(String shortName) {
    return Optional.ofNullable(names.get(shortName)).map(this::definition);
  }

  Definition byShortName(String name) {
    return definition(java.util.Objects.requireNonNull(names.get(name), name));
  }

  /** The fields of a reference to an object type; empty for everything else. */
  Optional<Definition> object(FieldType type) {
    return type instanceof FieldType.Reference reference
        ? Optional.of(definition(reference.definition())).filter(d -> d.alias().isEmpty())
        : Optional.empty();
  }

  private void readNames(List<String> lines) {
    String section = "";
    for (String line : lines) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1) + ".";
      } else if (!line.startsWith(" ")) {
        String name = line.split(" ")[0];
        names.put(name, section + name);
      }
    }
  }

  private void define(String section, String head, List<String> fields) {
    String[] parts = head.split(" ");
    Map<String, Field> byName = new LinkedHashMap<>();
    boolean topLevel = head.endsWith(" *");
    if (topLevel) {
      byName.put("apiVersion", plain("apiVersion"));
      byName.put("kind", plain("kind"));
    }
    for (String field : fields) {
      Field read = field(field.split(" "));
      byName.put(read.name(), read);
    }
    Optional<FieldType> alias =
        parts.length > 2 && parts[1].equals("=")
            ? Optional.of(
                parts[2].equals("any")
                    ? new FieldType.Any()
                    : new FieldType.Primitive(parts[2], parts.length > 3 ? parts[3] : ""))
            : Optional.empty();
    String name = section + parts[0];
    definitions.put(name, new Definition(name, alias, topLevel, byName));
  }

  private static Field plain(String name) {
    return new Field(
        name, new FieldType.Primitive("string", ""), false, Strategy.REPLACE, false, "");
  }

  private Field field(String[] words) {
    boolean required = words[0].endsWith("!");
    String name = required ? words[0].substring(0, words[0].length() - 1) : words[0];
    Strategy strategy = Strategy.REPLACE;
    String number = "";
    for (String flag : List.of(words).subList(2, words.length)) {
      if (flag.startsWith("#")) {
        number = flag.substring(1);
      } else if (flag.equals("retain")) {
        strategy = new Strategy(strategy.merge(), strategy.key(), true);
      } else {
        strategy = new Strategy(true, flag.replaceFirst("merge:?", ""), strategy.retainKeys());
      }
    }
    boolean nullable = words[1].endsWith("?");
    FieldType type = type(words[1].replace("?", ""));
    return new Field(name, type, required, strategy, nullable, number);
  }

  private FieldType type(String word) {
    return switch (word) {
      case "string" -> new FieldType.Primitive("string", "");
      case "bytes" -> new FieldType.Primitive("string", "byte");
      case "bool" -> new FieldType.Primitive("boolean", "");
      case "int32", "int64" -> new FieldType.Primitive("integer", word);
      case "double" -> new FieldType.Primitive("number", "double");
      case "any" -> new FieldType.Any();
      default -> composed(word);
    };
  }

  private FieldType composed(String word) {
    String inner = word.substring(1, word.length() - 1);
    if (word.startsWith("[")) {
      return new FieldType.ListOf(type(inner));
    }
    if (word.startsWith("{")) {
      return new FieldType.MapOf(type(inner));
    }
    return new FieldType.Reference(
        java.util.Objects.requireNonNull(names.get(word), () -> "unknown type " + word));
  }

  private static List<String> lines() {
    try (InputStream in = Schema.class.getResourceAsStream("types.txt")) {
      String text =
          new String(
              java.util.Objects.requireNonNull(in, "types.txt is missing").readAllBytes(),
              StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
