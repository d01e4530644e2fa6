package dev.esteira.git;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;

/** The bare repositories on disk; each is opened once and stays open. Thread-safe. */
final class Bare implements AutoCloseable {
  /** Safe as a path below the home: no dot or dash first, no empty part, no "..". */
  private static final Pattern PROJECT =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,20}");

  private final Home home;
  private final Map<String, Repository> open = new ConcurrentHashMap<>();

  Bare(Home home) {
    this.home = home;
    CalmSystemReader.install();
  }

  static boolean isProject(String path) {
    return PROJECT.matcher(path).matches() && !path.endsWith(".git") && path.length() <= 255;
  }

  /** The repository of a project, made when it is not there. */
  Repository of(String project) {
    return open.computeIfAbsent(project, this::openOrMake);
  }

  private Path directory(String project) {
    if (!isProject(project)) {
      throw EsteiraException.invalid(
          "'"
              + project
              + "' is no project name: expected letters, digits, _ - and . between slashes");
    }
    return home.git().resolve(project + ".git");
  }

  private Repository openOrMake(String project) {
    Path directory = directory(project);
    try {
      FileRepositoryBuilder builder =
          new FileRepositoryBuilder().setFS(FS.DETECTED).setBare().setGitDir(directory.toFile());
      Repository repository = new FileRepository(builder.setup());
      if (Files.notExists(directory.resolve("config"))) {
        repository.create(true);
        repository.updateRef("HEAD").link("refs/heads/main");
      }
      settings(repository);
      return repository;
    } catch (IOException | ConfigInvalidException e) {
      throw EsteiraException.internal("could not open the repository " + directory, e);
    }
  }

  private static void settings(Repository repository) throws IOException, ConfigInvalidException {
    StoredConfig config = repository.getConfig();
    if (config.getBoolean("uploadpack", "allowAnySHA1InWant", false)) {
      return;
    }
    config.load();
    config.setBoolean("core", null, "fsyncObjectFiles", true);
    config.setBoolean("core", null, "fsyncRefFiles", true);
    config.setBoolean("core", null, ConfigConstants.CONFIG_KEY_LOGALLREFUPDATES, true);
    // Collecting garbage during a push would make its author wait.
    config.setBoolean("receive", null, ConfigConstants.CONFIG_KEY_AUTOGC, false);
    config.setInt("gc", null, "auto", 0);
    config.setBoolean("uploadpack", null, "allowFilter", true);
    config.setBoolean("uploadpack", null, "allowAnySHA1InWant", true);
    config.save();
  }

  @Override
  public void close() {
    open.values().forEach(Repository::close);
    open.clear();
  }
}
