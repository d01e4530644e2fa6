package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Repositories of which only refs are known. */
final class TestingTrees implements DurableRuns.Trees {
  /** By full name. */
  final Map<String, String> refs = new TreeMap<>(Map.of("refs/heads/main", "c0ffee"));

  final Map<String, String> messages = new TreeMap<>();
  String commitMessage = "";

  @Override
  public Dialect.Tree of(String project, String commit) {
    return new Dialect.Tree() {
      @Override
      public Optional<String> read(String path) {
        return Optional.empty();
      }

      @Override
      public Dialect.Commit commit() {
        return new Dialect.Commit(commitMessage, "a", "a@b", "1970-01-01T00:00:00Z");
      }
    };
  }

  @Override
  public Optional<DurableRuns.Tip> tip(String project, Optional<String> name) {
    String ref = "refs/heads/" + name.orElse("main");
    return Optional.ofNullable(refs.get(ref)).map(commit -> new DurableRuns.Tip(ref, commit));
  }

  @Override
  public Optional<String> commit(String project, String revision) {
    return Optional.ofNullable(refs.get(revision))
        .or(() -> Optional.ofNullable(refs.get("refs/heads/" + revision)))
        .or(() -> refs.containsValue(revision) ? Optional.of(revision) : Optional.empty());
  }

  @Override
  public boolean isTag(String name) {
    return !name.isEmpty() && !name.contains(" ");
  }

  @Override
  public void tag(
      String project, String name, String commit, Optional<String> message, String actor) {
    String there = refs.putIfAbsent("refs/tags/" + name, commit);
    if (there != null && !there.equals(commit)) {
      throw EsteiraException.conflict("there is another tag " + name);
    }
    message.ifPresent(text -> messages.put(name, text));
  }
}
