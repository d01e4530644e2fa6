package dev.esteira.pipeline.gitlab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What must hold of merging and of {@code extends}, whatever is merged. */
class MergeTest {
  private static final int SEEDS = 500;
  private static final Place PLACE = new Place("x.yml", 1);

  @Test
  void mergingIsAssociativeAndKeepsWhatIsAbove() {
    for (int seed = 0; seed < SEEDS; seed++) {
      // Given
      Random random = new Random(seed);
      Node a = tree(random, 3);
      Node b = tree(random, 3);
      Node c = tree(random, 3);
      // When, Then
      assertEquals(
          shown(Node.merged(Node.merged(a, b), c)),
          shown(Node.merged(a, Node.merged(b, c))),
          "seed " + seed);
      assertEquals(shown(b), shown(Node.merged(b, b)), "seed " + seed);
      assertEquals(shown(b), shown(Node.merged(new Node.Keys(Map.of(), PLACE), b)));
    }
  }

  @Test
  void extendingAChainIsMergingIt() {
    for (int seed = 0; seed < SEEDS; seed++) {
      // Given a chain of templates, each over the one before
      Random random = new Random(seed);
      List<Node.Keys> bodies = new ArrayList<>();
      Map<String, Node.Entry> root = new LinkedHashMap<>();
      int length = 1 + random.nextInt(8);
      for (int i = 0; i < length; i++) {
        Node.Keys body = (Node.Keys) tree(random, 3);
        bodies.add(body);
        Node.Keys job =
            i == 0 ? body : body.with(entry("extends", new Node.Text(".t" + (i - 1), true, PLACE)));
        root.put(".t" + i, entry(".t" + i, job));
      }
      // When
      Problems problems = new Problems();
      Node.Keys resolved = new Inheritance(new Node.Keys(root, PLACE), problems).resolved();
      // Then
      problems.fail();
      Node expected = bodies.stream().map(Node.class::cast).reduce(Node::merged).orElseThrow();
      assertEquals(
          shown(expected),
          shown(resolved.written(".t" + (length - 1)).orElseThrow()),
          "seed " + seed);
    }
  }

  private static Node tree(Random random, int depth) {
    Map<String, Node.Entry> map = new LinkedHashMap<>();
    int keys = random.nextInt(4);
    for (int i = 0; i < keys; i++) {
      String key = "k" + random.nextInt(4);
      map.put(key, entry(key, value(random, depth, key)));
    }
    return new Node.Keys(map, PLACE);
  }

  /** A key means a mapping always or never, as in a real file. */
  private static Node value(Random random, int depth, String key) {
    if (depth > 0 && (key.equals("k0") || key.equals("k1"))) {
      return tree(random, depth - 1);
    }
    Node text = new Node.Text("v" + random.nextInt(100), true, PLACE);
    return key.equals("k2") ? new Node.Items(List.of(text), PLACE) : text;
  }

  private static Node.Entry entry(String key, Node value) {
    return new Node.Entry(key, PLACE, value);
  }

  private static String shown(Node node) {
    return switch (node) {
      case Node.Text text -> text.value();
      case Node.Items list -> list.items().stream().map(MergeTest::shown).toList().toString();
      case Node.Reference reference -> reference.path().toString();
      case Node.Keys keys -> {
        Map<String, String> all = new TreeMap<>();
        keys.entries().forEach(e -> all.put(e.key(), shown(e.value())));
        yield all.toString();
      }
    };
  }
}
