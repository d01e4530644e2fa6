package dev.esteira.pipeline.gitlab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** {@code !reference}: what it names is put in its place, at most ten inside each other. */
final class References {
  private static final int LEVELS_MAX = 10;
  private static final int NODES_MAX = 200_000;

  private final Node.Keys root;
  private final Problems problems;
  private final Deque<List<String>> open = new ArrayDeque<>();
  private int nodes;

  References(Node.Keys root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  Node.Keys resolved() {
    return Node.mapped(root, this::resolved);
  }

  private Node resolved(Node node) {
    nodes++;
    if (nodes > NODES_MAX) {
      throw Problems.fatal(
          node.place(), "more than " + NODES_MAX + " values once references are resolved");
    }
    return switch (node) {
      case Node.Text text -> text;
      case Node.Items list ->
          new Node.Items(list.items().stream().map(this::resolved).toList(), list.place());
      case Node.Keys keys -> Node.mapped(keys, this::resolved);
      case Node.Reference reference -> target(reference);
    };
  }

  private Node target(Node.Reference reference) {
    String written = "!reference [" + String.join(", ", reference.path()) + "]";
    if (open.contains(reference.path())) {
      problems.error(reference.place(), "'" + written + "' leads back to itself");
      return nothing(reference);
    }
    if (open.size() >= LEVELS_MAX) {
      problems.error(
          reference.place(), "'" + written + "' is inside more than " + LEVELS_MAX + " others");
      return nothing(reference);
    }
    Optional<Node> found = Optional.of(root);
    for (String step : reference.path()) {
      found = found.flatMap(node -> child(node, step));
    }
    if (found.isEmpty()) {
      problems.error(reference.place(), "'" + written + "' names nothing that is here");
      return nothing(reference);
    }
    open.addLast(reference.path());
    Node node = resolved(found.get());
    open.removeLast();
    return node;
  }

  /** What stands under a key, or at a place of a list, counted from 0. */
  private static Optional<Node> child(Node node, String step) {
    return switch (node) {
      case Node.Keys keys -> keys.written(step);
      case Node.Items list when step.matches("\\d{1,4}") ->
          list.items().stream().skip(Integer.parseInt(step)).findFirst();
      case Node.Items _, Node.Text _, Node.Reference _ -> Optional.empty();
    };
  }

  private static Node nothing(Node.Reference reference) {
    return new Node.Text("", true, reference.place());
  }
}
