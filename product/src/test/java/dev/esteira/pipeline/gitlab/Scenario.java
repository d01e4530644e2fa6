package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Runs;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A scenario file: the delivery file, after {@code #=== PATH} lines other files of the commit (or,
 * after {@code #=== PROJECT//PATH}, of another project), and in comments what happened:
 *
 * <pre>
 * #: event tag=v1        (branch=…, merge_request, schedule, web, api, trigger)
 * #: changed a.txt b.txt (since the commit before)
 * #: variable NAME=value (of the project)
 * #: given NAME=value    (with the start)
 * </pre>
 */
record Scenario(TestingTree tree, TestingProjects projects, Runs.Request request) {
  static Scenario of(String text) {
    Map<String, StringBuilder> files = new LinkedHashMap<>();
    StringBuilder at = files.computeIfAbsent(".gitlab-ci.yml", p -> new StringBuilder());
    for (String line : text.split("(?<=\n)", -1)) {
      if (line.startsWith("#=== ")) {
        at = files.computeIfAbsent(line.substring(5).strip(), p -> new StringBuilder());
      } else {
        at.append(line);
      }
    }
    TestingTree tree = new TestingTree();
    Map<String, TestingTree> others = new HashMap<>();
    files.forEach((path, body) -> {
      int slashes = path.indexOf("//");
      if (slashes < 0) {
        tree.with(path, body.toString());
      } else {
        String project = path.substring(0, slashes);
        TestingTree other = others.computeIfAbsent(project, p -> new TestingTree());
        other.with(path.substring(slashes + 2), body.toString());
        tree.other(project, other);
      }
    });
    TestingProjects projects = new TestingProjects();
    Map<String, String> given = new HashMap<>();
    Runs.Request request = TestingTree.push("refs/heads/main");
    for (String line : text.split("\n", -1)) {
      String[] words = line.strip().split(" +", -1);
      if (!words[0].equals("#:")) {
        continue;
      }
      switch (words[1]) {
        case "event" -> request = event(words[2]);
        case "changed" -> tree.changedSince("before", Arrays.copyOfRange(words, 2, words.length));
        case "variable" ->
            pair(line, "variable ").ifPresent(p -> projects.variable(p[0], p[1], false));
        case "secret" -> pair(line, "secret ").ifPresent(p -> projects.variable(p[0], p[1], true));
        case "given" -> pair(line, "given ").ifPresent(p -> given.put(p[0], p[1]));
        default -> throw new IllegalArgumentException(line);
      }
    }
    return new Scenario(tree, projects, with(request, given));
  }

  private static Optional<String[]> pair(String line, String word) {
    String text = line.substring(line.indexOf(word) + word.length()).strip();
    return Optional.of(text.split("=", 2));
  }

  private static Runs.Request event(String text) {
    String[] parts = text.split("=", 2);
    return switch (parts[0]) {
      case "tag" -> TestingTree.event("push", "refs/tags/" + parts[1], Map.of());
      case "branch" -> TestingTree.push("refs/heads/" + parts[1]);
      case "merge_request" -> TestingTree.mergeRequest();
      default -> TestingTree.event(parts[0], "refs/heads/main", Map.of());
    };
  }

  private static Runs.Request with(Runs.Request r, Map<String, String> given) {
    return new Runs.Request(
        r.project(), r.commit(), r.ref(), r.actor(), r.source(), r.before(), given, r.facts());
  }
}
