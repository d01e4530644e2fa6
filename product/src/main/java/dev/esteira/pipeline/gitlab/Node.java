package dev.esteira.pipeline.gitlab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A node of the configuration, which knows the file it came from however often files were included,
 * extended and referred to.
 */
sealed interface Node {
  Place place();

  /** What it is, in words for messages. */
  String kind();

  /** Nothing was written, or {@code null}. */
  default boolean isNull() {
    return false;
  }

  /** Text as written; {@code plain}: without quotes and not as a block. */
  record Text(String value, boolean plain, Place place) implements Node {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    @Override
    public String kind() {
      return isNull() ? "nothing" : "text";
    }

    @Override
    public boolean isNull() {
      return plain && NULLS.contains(value);
    }
  }

  /** A list. */
  record Items(List<Node> items, Place place) implements Node {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** {@code !reference [job, key, …]}: something that stands elsewhere. */
  record Reference(List<String> path, Place place) implements Node {
    public Reference {
      path = List.copyOf(path);
    }

    @Override
    public String kind() {
      return "a reference";
    }
  }

  /** A key, where it stands, and its value. */
  record Entry(String key, Place place, Node value) {}

  /** A mapping in the order of the file. */
  record Keys(Map<String, Entry> map, Place place) implements Node {
    public Keys {
      map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    static Keys of(Iterable<Entry> entries, Place place) {
      Map<String, Entry> map = new LinkedHashMap<>();
      entries.forEach(e -> map.put(e.key(), e));
      return new Keys(map, place);
    }

    @Override
    public String kind() {
      return "a mapping";
    }

    List<Entry> entries() {
      return List.copyOf(map.values());
    }

    boolean has(String key) {
      return map.containsKey(key);
    }

    Optional<Entry> entry(String key) {
      return Optional.ofNullable(map.get(key));
    }

    /** The value, even when it is nothing. */
    Optional<Node> written(String key) {
      return entry(key).map(Entry::value);
    }

    /** The value, unless it is nothing. */
    Optional<Node> get(String key) {
      return written(key).filter(n -> !n.isNull());
    }

    /** Where the key stands, or the mapping when it has none. */
    Place placeOf(String key) {
      return entry(key).map(Entry::place).orElse(place);
    }

    Keys with(Entry entry) {
      Map<String, Entry> changed = new LinkedHashMap<>(map);
      changed.put(entry.key(), entry);
      return new Keys(changed, place);
    }

    Keys without(String key) {
      Map<String, Entry> changed = new LinkedHashMap<>(map);
      changed.remove(key);
      return new Keys(changed, place);
    }
  }

  /** The same with every value of a mapping replaced. */
  static Keys mapped(Keys keys, UnaryOperator<Node> change) {
    return Keys.of(
        keys.entries().stream()
            .map(e -> new Entry(e.key(), e.place(), change.apply(e.value())))
            .toList(),
        keys.place());
  }

  /** {@code over} laid over {@code under}: mappings key by key, all else replaced. */
  static Node merged(Node under, Node over) {
    if (!(under instanceof Keys below) || !(over instanceof Keys above)) {
      return over;
    }
    Map<String, Entry> all = new LinkedHashMap<>(below.map());
    for (Entry entry : above.entries()) {
      Entry earlier = all.get(entry.key());
      all.put(
          entry.key(),
          earlier == null
              ? entry
              : new Entry(entry.key(), entry.place(), merged(earlier.value(), entry.value())));
    }
    return new Keys(all, above.place());
  }

  /** Lists inside lists made one. */
  static List<Node> flat(Items list) {
    List<Node> all = new ArrayList<>();
    for (Node item : list.items()) {
      if (item instanceof Items inner) {
        all.addAll(flat(inner));
      } else {
        all.add(item);
      }
    }
    return all;
  }
}
