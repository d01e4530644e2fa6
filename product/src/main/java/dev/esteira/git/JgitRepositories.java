package dev.esteira.git;

import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.http.Handler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** {@link Repositories} by JGit on bare repositories below the home. Thread-safe. */
public final class JgitRepositories implements Repositories, AutoCloseable {
  /** Checks a user name and password that are no token, such as those of CodeCommit's helper. */
  @FunctionalInterface
  public interface Login {
    /** Whom they stand for. {@code path} is the repository's own, as the client sent it. */
    Optional<Access.Principal> check(String user, String password, String host, String path);
  }

  private final Bare bare;
  private final Pushes pushes;
  private final GitHttp http;
  private final InstantSource clock;

  public JgitRepositories(Home home, Access access, InstantSource clock) {
    this.bare = new Bare(home);
    this.clock = clock;
    this.pushes = new Pushes(access, clock);
    this.http = new GitHttp(access, bare, pushes);
  }

  @Override
  public Handler handler() {
    return http;
  }

  @Override
  public void onPush(PushListener listener) {
    pushes.listen(listener);
  }

  /** Lets in whom this login knows, beside tokens. */
  public void accept(Login login) {
    http.accept(login);
  }

  @Override
  public void create(String project) {
    bare.of(project);
  }

  @Override
  public Optional<String> read(String project, String commit, String path, int bytesMax) {
    Repository repository = bare.of(project);
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk found = TreeWalk.forPath(repository, path, commit(walk, commit).getTree())) {
      if (found == null || found.isSubtree()) {
        return Optional.empty();
      }
      ObjectLoader loader = repository.open(found.getObjectId(0));
      if (loader.getSize() > bytesMax) {
        throw EsteiraException.limit(
            "%s in %s has %d bytes; at most %d are read"
                .formatted(path, commit, loader.getSize(), bytesMax));
      }
      return Optional.of(new String(loader.getCachedBytes(bytesMax), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw EsteiraException.internal(
          "could not read " + path + " of " + project + " at " + commit, e);
    }
  }

  @Override
  public List<String> files(String project, String commit, int filesMax) {
    Repository repository = bare.of(project);
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk found = new TreeWalk(repository)) {
      found.addTree(commit(walk, commit).getTree());
      return paths(found, filesMax);
    } catch (IOException e) {
      throw EsteiraException.internal(
          "could not list the files of " + project + " at " + commit, e);
    }
  }

  @Override
  public List<String> changed(String project, String from, String to, int filesMax) {
    Repository repository = bare.of(project);
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk found = new TreeWalk(repository)) {
      found.addTree(commit(walk, from).getTree());
      found.addTree(commit(walk, to).getTree());
      found.setFilter(TreeFilter.ANY_DIFF);
      return paths(found, filesMax);
    } catch (IOException e) {
      throw EsteiraException.internal(
          "could not compare %s and %s of %s".formatted(from, to, project), e);
    }
  }

  private static List<String> paths(TreeWalk found, int filesMax) throws IOException {
    found.setRecursive(true);
    List<String> paths = new ArrayList<>();
    while (paths.size() < filesMax && found.next()) {
      paths.add(found.getPathString());
    }
    return paths;
  }

  @Override
  public Optional<String> resolve(String project, String revision) {
    try {
      ObjectId id = bare.of(project).resolve(revision + "^{commit}");
      return Optional.ofNullable(id).map(ObjectId::name);
    } catch (RevisionSyntaxException
        | AmbiguousObjectException
        | IncorrectObjectTypeException
        | MissingObjectException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw EsteiraException.internal("could not resolve " + revision + " in " + project, e);
    }
  }

  @Override
  public List<String> tags(String project, int tagsMax) {
    try {
      return bare.of(project).getRefDatabase().getRefsByPrefix(Constants.R_TAGS).stream()
          .limit(tagsMax)
          .map(ref -> ref.getName().substring(Constants.R_TAGS.length()))
          .toList();
    } catch (IOException e) {
      throw EsteiraException.internal("could not list the tags of " + project, e);
    }
  }

  @Override
  public void checkout(String project, String commit, String ref, Path directory, int depth) {
    Repository repository = bare.of(project);
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit tip = commit(walk, commit);
      new Checkout(repository, directory, depth).write(tip.getTree(), tip, ref);
    } catch (IOException e) {
      throw EsteiraException.internal(
          "could not check out %s of %s into %s: %s"
              .formatted(commit, project, directory, e.getMessage()),
          e);
    }
  }

  @Override
  public List<Submodule> submodules(String project, String commit) {
    Repository repository = bare.of(project);
    try (RevWalk walk = new RevWalk(repository)) {
      return new Submodules(repository, commit(walk, commit)).list();
    } catch (IOException e) {
      throw EsteiraException.internal(
          "could not list the submodules of " + project + " at " + commit, e);
    }
  }

  @Override
  public CommitInfo info(String project, String commit) {
    try (RevWalk walk = new RevWalk(bare.of(project))) {
      RevCommit found = commit(walk, commit);
      PersonIdent author = found.getAuthorIdent();
      String time =
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
              author.getWhenAsInstant().atZone(author.getZoneId()).toOffsetDateTime());
      return new CommitInfo(
          found.name(), found.getFullMessage(), author.getName(), author.getEmailAddress(), time);
    } catch (IOException e) {
      throw EsteiraException.internal("could not read commit " + commit + " of " + project, e);
    }
  }

  @Override
  public void tag(
      String project, String name, String commit, Optional<String> message, String actor) {
    try (RevWalk walk = new RevWalk(bare.of(project))) {
      new NewTag(
              bare.of(project),
              name,
              new PersonIdent(actor, "git@esteira", clock.instant(), ZoneOffset.UTC))
          .make(commit(walk, commit), message);
    } catch (IOException e) {
      throw EsteiraException.internal("could not tag " + commit + " of " + project, e);
    }
  }

  private static RevCommit commit(RevWalk walk, String id) throws IOException {
    try {
      return walk.parseCommit(ObjectId.fromString(id));
    } catch (MissingObjectException | IncorrectObjectTypeException e) {
      throw EsteiraException.notFound("there is no commit " + id);
    } catch (IllegalArgumentException e) {
      throw EsteiraException.invalid("'" + id + "' is no commit id: expected 40 hex digits");
    }
  }

  @Override
  public void close() {
    bare.close();
  }
}
