package dev.esteira.base;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A node of a YAML document, with the line and column (both from 1) where it begins. */
public sealed interface YamlNode {
  int line();

  int column();

  /** What it is, in words for messages. */
  String kind();

  /** A plain, empty or {@code null} scalar. */
  default boolean isNull() {
    return false;
  }

  /**
   * Text exactly as written ({@code 0123}, {@code 1.10}, {@code ON}): never turned into a number.
   *
   * @param plain written without quotes and not as a block
   */
  record Scalar(String text, boolean plain, int line, int column) implements YamlNode {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    @Override
    public String kind() {
      return isNull() ? "nothing" : "text";
    }

    @Override
    public boolean isNull() {
      return plain && NULLS.contains(text);
    }
  }

  /** A list; {@code tag} as written before it ({@code !reference}), or empty. */
  record Sequence(List<YamlNode> items, String tag, int line, int column) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A key of a mapping, where it stands, and its value. */
  record Entry(String key, int line, YamlNode value) {}

  /** Keys and values in the order of the file; keys are unique. */
  record Mapping(List<Entry> entries, int line, int column) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String kind() {
      return "a mapping";
    }

    public Optional<Entry> entry(String key) {
      return entries.stream().filter(e -> e.key().equals(key)).findFirst();
    }

    public Optional<YamlNode> get(String key) {
      return entry(key).map(Entry::value);
    }

    /** The entries by key, in order. */
    public Map<String, YamlNode> byKey() {
      Map<String, YamlNode> map = new LinkedHashMap<>();
      entries.forEach(e -> map.put(e.key(), e.value()));
      return map;
    }
  }
}
