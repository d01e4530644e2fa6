package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A commit in memory, with other projects beside it and changes since other commits. */
final class TestingTree implements Dialect.Tree {
  static final String COMMIT = "c0ffee0123456789c0ffee0123456789c0ffee01";

  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, List<String>> changed = new HashMap<>();
  private final Map<String, TestingTree> others = new HashMap<>();
  private final List<String> tags = new ArrayList<>();

  static TestingTree of(String yaml) {
    return new TestingTree().with(".gitlab-ci.yml", yaml);
  }

  TestingTree with(String path, String text) {
    files.put(path, text);
    return this;
  }

  TestingTree changedSince(String commit, String... paths) {
    changed.put(commit, List.of(paths));
    return this;
  }

  /** Another project: {@code PROJECT} at its default branch, {@code PROJECT@TAG} at a tag. */
  TestingTree other(String project, TestingTree tree) {
    String[] named = project.split("@", 2);
    TestingTree head = others.getOrDefault(named[0], new TestingTree());
    if (named.length > 1) {
      others.put(project, tree);
      head.tags.add(named[1]);
      others.put(named[0], head);
    } else {
      tree.tags.addAll(head.tags);
      others.put(project, tree);
    }
    return this;
  }

  @Override
  public Optional<String> read(String path) {
    return Optional.ofNullable(files.get(path));
  }

  @Override
  public List<String> files() {
    return new ArrayList<>(files.keySet());
  }

  @Override
  public Optional<List<String>> changed(String from, String to) {
    return Optional.ofNullable(changed.get(from));
  }

  @Override
  public Dialect.Commit commit() {
    return new Dialect.Commit(
        "Trade faster\n\nMuch faster.\n", "Ada", "ada@example.org", "2026-01-02T03:04:05+00:00");
  }

  @Override
  public List<String> tags() {
    return List.copyOf(tags);
  }

  @Override
  public Optional<Dialect.Tree> other(String project, Optional<String> revision) {
    String key = project + revision.map(r -> "@" + r).orElse("");
    return Optional.ofNullable(others.get(key));
  }

  /** A push to {@code main} that follows {@code before}. */
  static Runs.Request push(String ref) {
    return event("push", ref, Map.of());
  }

  static Runs.Request event(String source, String ref, Map<String, String> facts) {
    return new Runs.Request(
        "acme/shop/bot", COMMIT, ref, "ada", source, Optional.of("before"), Map.of(), facts);
  }

  static Runs.Request mergeRequest() {
    return event(
        "merge_request_event",
        "refs/merge-requests/7/head",
        Map.of(
            "merge_request.source", "feature/x",
            "merge_request.target", "main",
            "merge_request.iid", "7",
            "merge_request.title", "Faster"));
  }
}
