package dev.esteira.pipeline.gitlab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes values of the wanted shape out of nodes. What does not fit is an error with its place, and
 * counts as not written.
 */
final class Fields {
  private static final Set<String> YES = Set.of("true", "yes", "on");
  private static final Set<String> NO = Set.of("false", "no", "off");

  private final Problems problems;

  Fields(Problems problems) {
    this.problems = problems;
  }

  Problems problems() {
    return problems;
  }

  Optional<Node.Keys> keys(Node node, String name) {
    if (node instanceof Node.Keys keys) {
      return Optional.of(keys);
    }
    problems.error(
        node.place(), "'%s' must be a mapping, but it is %s".formatted(name, node.kind()));
    return Optional.empty();
  }

  Optional<String> text(Node node, String name) {
    if (node instanceof Node.Text text) {
      return Optional.of(text.isNull() ? "" : text.value());
    }
    problems.error(node.place(), "'%s' must be text, but it is %s".formatted(name, node.kind()));
    return Optional.empty();
  }

  Optional<String> text(Node.Keys parent, String key, String where) {
    return parent.get(key).flatMap(n -> text(n, where + key));
  }

  /** A list of texts, lists inside it made one; one text counts as a list of one. */
  List<String> texts(Node node, String name) {
    List<String> all = new ArrayList<>();
    List<Node> items = node instanceof Node.Items list ? Node.flat(list) : List.of(node);
    for (Node item : items) {
      if (!item.isNull()) {
        text(item, name).ifPresent(all::add);
      }
    }
    return all;
  }

  List<String> texts(Node.Keys parent, String key, String where) {
    return parent.get(key).map(n -> texts(n, where + key)).orElse(List.of());
  }

  /** A mapping of texts. */
  Map<String, String> map(Node node, String name) {
    Map<String, String> all = new LinkedHashMap<>();
    keys(node, name)
        .ifPresent(k ->
            k.entries()
                .forEach(e ->
                    text(e.value(), name + "." + e.key()).ifPresent(v -> all.put(e.key(), v))));
    return all;
  }

  Optional<Boolean> flag(Node.Keys parent, String key, String where) {
    return parent.get(key).flatMap(n -> flag(n, where + key));
  }

  Optional<Boolean> flag(Node node, String name) {
    Optional<String> text = text(node, name).map(t -> t.toLowerCase(Locale.ROOT));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (YES.contains(text.get())) {
      return Optional.of(true);
    }
    if (NO.contains(text.get())) {
      return Optional.of(false);
    }
    problems.error(
        node.place(), "'%s' must be true or false, but it is '%s'".formatted(name, text.get()));
    return Optional.empty();
  }

  /** A whole number from {@code min} to {@code max}. */
  Optional<Integer> number(Node node, String name, int min, int max) {
    Optional<String> text = text(node, name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().matches("\\d{1,9}")) {
      int value = Integer.parseInt(text.get());
      if (value >= min && value <= max) {
        return Optional.of(value);
      }
    }
    problems.error(
        node.place(),
        "'%s' must be a number from %d to %d, but it is '%s'"
            .formatted(name, min, max, text.get()));
    return Optional.empty();
  }

  /** One of the words; {@code otherwise} when nothing or another word is written. */
  String word(Node.Keys parent, String key, String where, List<String> words, String otherwise) {
    Optional<Node> node = parent.get(key);
    Optional<String> text = node.flatMap(n -> text(n, where + key));
    if (text.isEmpty() || words.contains(text.get())) {
      return text.orElse(otherwise);
    }
    problems.error(
        node.get().place(),
        "'%s' must be one of %s, but it is '%s'"
            .formatted(where + key, String.join(", ", words), text.get()));
    return otherwise;
  }

  Optional<Long> seconds(Node.Keys parent, String key, String where) {
    Optional<Node> node = parent.get(key);
    Optional<String> text = node.flatMap(n -> text(n, where + key));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Long> seconds = Durations.seconds(text.get());
    if (seconds.isEmpty()) {
      problems.error(
          node.get().place(),
          "'%s' must be a time such as '1h 30m', but it is '%s'"
              .formatted(where + key, text.get()));
    }
    return seconds;
  }

  /** A notice for each key that nobody here reads. */
  void unknown(Node.Keys keys, String where, Set<String> known) {
    for (Node.Entry entry : keys.entries()) {
      if (!known.contains(entry.key())) {
        problems.notice(
            entry.place(), "'" + where + entry.key() + "' is not known here and is ignored");
      }
    }
  }
}
