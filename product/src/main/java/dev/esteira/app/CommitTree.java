package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.git.Repositories;
import dev.esteira.pipeline.Dialect;
import java.util.List;
import java.util.Optional;

/** The files of one commit, read from its repository when a dialect asks. */
record CommitTree(Repositories repositories, Access access, String project, String id)
    implements Dialect.Tree {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int FILES_MAX = 100_000;
  private static final int TAGS_MAX = 10_000;

  @Override
  public Optional<String> read(String path) {
    return repositories.read(project, id, path, FILE_BYTES_MAX);
  }

  @Override
  public List<String> files() {
    return repositories.files(project, id, FILES_MAX);
  }

  @Override
  public Optional<List<String>> changed(String from, String to) {
    return repositories
        .resolve(project, from)
        .flatMap(older ->
            repositories
                .resolve(project, to)
                .map(newer -> repositories.changed(project, older, newer, FILES_MAX)));
  }

  @Override
  public Dialect.Commit commit() {
    try {
      Repositories.CommitInfo info = repositories.info(project, id);
      return new Dialect.Commit(info.message(), info.author(), info.email(), info.time());
    } catch (EsteiraException e) {
      return Dialect.Commit.UNKNOWN;
    }
  }

  @Override
  public List<String> tags() {
    return repositories.tags(project, TAGS_MAX);
  }

  @Override
  public Optional<Dialect.Tree> other(String path, Optional<String> revision) {
    return access
        .project(path)
        .flatMap(p -> revision.or(p::defaultBranch))
        .flatMap(r -> repositories.resolve(path, r))
        .map(commit -> new CommitTree(repositories, access, path, commit));
  }
}
