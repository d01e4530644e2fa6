package dev.esteira.git;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.BlobBasedConfig;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/** What a commit says of its submodules: the links in its tree, and {@code .gitmodules}. */
record Submodules(Repository repository, RevCommit commit) {
  private static final int SUBMODULES_MAX = 100;

  List<Repositories.Submodule> list() throws IOException {
    Config modules = modules();
    Map<String, String> names = new HashMap<>();
    for (String name : modules.getSubsections(ConfigConstants.CONFIG_SUBMODULE_SECTION)) {
      names.put(of(modules, name, ConfigConstants.CONFIG_KEY_PATH), name);
    }
    List<Repositories.Submodule> all = new ArrayList<>();
    try (TreeWalk tree = new TreeWalk(repository)) {
      tree.addTree(commit.getTree());
      tree.setRecursive(true);
      while (tree.next() && all.size() < SUBMODULES_MAX) {
        if (FileMode.GITLINK.equals(tree.getFileMode(0))) {
          String path = tree.getPathString();
          String name = names.getOrDefault(path, path);
          String url = of(modules, name, ConfigConstants.CONFIG_KEY_URL);
          all.add(new Repositories.Submodule(name, path, url, tree.getObjectId(0).name()));
        }
      }
    }
    return all;
  }

  private static String of(Config modules, String name, String key) {
    String value = modules.getString(ConfigConstants.CONFIG_SUBMODULE_SECTION, name, key);
    return value == null ? "" : value;
  }

  private Config modules() throws IOException {
    try (TreeWalk found =
        TreeWalk.forPath(repository, Constants.DOT_GIT_MODULES, commit.getTree())) {
      return found == null || !FileMode.REGULAR_FILE.equals(found.getFileMode(0))
          ? new Config()
          : new BlobBasedConfig(null, repository, commit, Constants.DOT_GIT_MODULES);
    } catch (ConfigInvalidException e) {
      throw EsteiraException.invalid(
          "%s of commit %s: %s"
              .formatted(Constants.DOT_GIT_MODULES, commit.name(), e.getMessage()));
    }
  }
}
