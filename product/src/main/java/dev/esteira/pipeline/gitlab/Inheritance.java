package dev.esteira.pipeline.gitlab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code extends}: a job laid over its templates, key by key, the later template over the earlier;
 * at most {@value #LEVELS_MAX} levels.
 */
final class Inheritance {
  static final int LEVELS_MAX = 11;
  private static final String EXTENDS = "extends";

  private final Node.Keys root;
  private final Problems problems;
  private final Map<String, Node.Keys> done = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();

  Inheritance(Node.Keys root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  /** All mappings of the top level with their templates merged in. */
  Node.Keys resolved() {
    List<Node.Entry> entries = new ArrayList<>();
    for (Node.Entry entry : root.entries()) {
      entries.add(
          entry.value() instanceof Node.Keys keys && keys.has(EXTENDS)
              ? new Node.Entry(entry.key(), entry.place(), whole(entry.key(), keys))
              : entry);
    }
    return Node.Keys.of(entries, root.place());
  }

  private Node.Keys whole(String name, Node.Keys keys) {
    Node.Keys known = done.get(name);
    if (known != null) {
      return known;
    }
    Optional<Node.Entry> named = keys.entry(EXTENDS).filter(e -> !e.value().isNull());
    if (named.isEmpty()) {
      return keys.without(EXTENDS);
    }
    open.addLast(name);
    Optional<Node> base = Optional.empty();
    for (Node.Text parent : names(name, named.get())) {
      Optional<Node.Keys> from = parent(name, parent);
      if (from.isPresent()) {
        Node lower = from.get();
        base = Optional.of(base.map(b -> Node.merged(b, lower)).orElse(lower));
      }
    }
    open.removeLast();
    Node.Keys own = keys.without(EXTENDS);
    Node.Keys result =
        base.map(b -> Node.merged(b, own)).orElse(own) instanceof Node.Keys merged
            ? new Node.Keys(merged.map(), keys.place())
            : own;
    done.put(name, result);
    return result;
  }

  private List<Node.Text> names(String name, Node.Entry named) {
    List<Node.Text> names = new ArrayList<>();
    List<Node> written =
        named.value() instanceof Node.Items list ? Node.flat(list) : List.of(named.value());
    for (Node item : written) {
      if (item instanceof Node.Text text) {
        names.add(text);
      } else {
        problems.error(
            item.place(),
            "job '%s': 'extends' takes the names of jobs, but here is %s"
                .formatted(name, item.kind()));
      }
    }
    return names;
  }

  private Optional<Node.Keys> parent(String name, Node.Text parent) {
    if (open.contains(parent.value())) {
      problems.error(
          parent.place(),
          "job '%s': 'extends' goes in a circle: %s"
              .formatted(name, String.join(" -> ", open) + " -> " + parent.value()));
      return Optional.empty();
    }
    if (open.size() > LEVELS_MAX) {
      problems.error(
          parent.place(), "job '%s': more than %d levels of 'extends'".formatted(name, LEVELS_MAX));
      return Optional.empty();
    }
    Optional<Node> found = root.written(parent.value());
    if (found.isPresent() && found.get() instanceof Node.Keys keys) {
      return Optional.of(whole(parent.value(), keys));
    }
    problems.error(
        parent.place(),
        "job '%s': 'extends' names '%s', but there is no such job or template"
            .formatted(name, parent.value()));
    return Optional.empty();
  }
}
