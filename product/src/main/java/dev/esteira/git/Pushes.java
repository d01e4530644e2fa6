package dev.esteira.git;

import dev.esteira.access.Access;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.treewalk.TreeWalk;

/** What happens around an accepted push: the default branch, the listeners, what they say. */
final class Pushes {
  private static final Logger LOG = Logger.getLogger(Pushes.class.getName());

  /** A setting of a project: how large one push may be. */
  static final String PACK_SETTING = "git.pack-bytes-max";

  private static final long PACK_BYTES_MAX = 1L << 30;
  private static final long COMMAND_BYTES_MAX = 16L << 20;
  private static final int OPTIONS_MAX = 100;

  private final Access access;
  private final InstantSource clock;
  private final List<Repositories.PushListener> listeners = new CopyOnWriteArrayList<>();

  private final Housekeeping housekeeping = new Housekeeping();

  Pushes(Access access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  void listen(Repositories.PushListener listener) {
    listeners.add(listener);
  }

  ReceivePack receivePack(String project, Repository repository, Access.Principal principal) {
    ReceivePack receive = new ReceivePack(repository);
    receive.setBiDirectionalPipe(false);
    receive.setAllowCreates(true);
    receive.setAllowDeletes(true);
    receive.setAllowBranchDeletes(true);
    receive.setAllowNonFastForwards(true);
    receive.setAllowPushOptions(true);
    receive.setMaxCommandBytes(COMMAND_BYTES_MAX);
    receive.setMaxPackSizeLimit(packBytesMax(project));
    receive.setRefLogIdent(
        new PersonIdent(principal.name(), "git@esteira", clock.instant(), ZoneOffset.UTC));
    receive.setPostReceiveHook((r, commands) -> after(project, r, commands, principal));
    return receive;
  }

  private long packBytesMax(String project) {
    return access
        .project(project)
        .map(p -> p.settings().get(PACK_SETTING))
        .map(Long::parseLong)
        .orElse(PACK_BYTES_MAX);
  }

  private void after(
      String project,
      ReceivePack receive,
      Collection<ReceiveCommand> commands,
      Access.Principal principal) {
    List<Repositories.RefUpdate> updates = new ArrayList<>();
    for (ReceiveCommand command : commands) {
      updates.add(
          new Repositories.RefUpdate(
              command.getRefName(), command.getOldId().name(), command.getNewId().name()));
    }
    if (updates.isEmpty()) {
      return;
    }
    housekeeping.afterPush(project, receive.getRepository());
    try {
      firstBranch(project, receive.getRepository(), updates);
      submodules(receive, updates);
      List<String> given = receive.getPushOptions();
      List<String> options = given == null ? List.of() : given.stream().limit(OPTIONS_MAX).toList();
      for (Repositories.PushListener listener : listeners) {
        for (String line : listener.pushed(project, updates, principal.name(), options)) {
          receive.sendMessage(line);
        }
      }
    } catch (IOException | RuntimeException e) {
      // The refs have moved, so the push has succeeded; what follows it must not say otherwise.
      LOG.log(Level.WARNING, "after a push to " + project, e);
      receive.sendMessage("The push was kept, but what follows it failed: " + e.getMessage());
    }
  }

  /** The first branch that is pushed becomes the default, whatever its name. */
  private void firstBranch(
      String project, Repository repository, List<Repositories.RefUpdate> updates)
      throws IOException {
    if (access.project(project).flatMap(Access.Project::defaultBranch).isPresent()) {
      return;
    }
    List<String> branches =
        updates.stream()
            .filter(u -> u.ref().startsWith(Constants.R_HEADS) && !isZero(u.newId()))
            .map(u -> u.ref().substring(Constants.R_HEADS.length()))
            .toList();
    if (branches.isEmpty()) {
      return;
    }
    String first =
        branches.contains("main")
            ? "main"
            : branches.contains("master") ? "master" : branches.getFirst();
    repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + first);
    access.setDefaultBranch(project, first);
  }

  private static void submodules(ReceivePack receive, List<Repositories.RefUpdate> updates)
      throws IOException {
    for (Repositories.RefUpdate update : updates) {
      if (!isZero(update.newId()) && hasModules(receive.getRepository(), update.newId())) {
        receive.sendMessage(
            "Notice: " + update.ref() + " has submodules; GIT_SUBMODULE_STRATEGY brings them.");
      }
    }
  }

  private static boolean hasModules(Repository repository, String id) throws IOException {
    ObjectId tip = ObjectId.fromString(id);
    try (RevWalk walk = new RevWalk(repository)) {
      if (!(walk.peel(walk.parseAny(tip)) instanceof RevCommit commit)) {
        return false;
      }
      var tree = walk.parseCommit(commit).getTree();
      try (TreeWalk found = TreeWalk.forPath(repository, Constants.DOT_GIT_MODULES, tree)) {
        return found != null;
      }
    }
  }

  private static boolean isZero(String id) {
    return ObjectId.zeroId().name().equals(id);
  }
}
