package dev.esteira.git;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.GC;
import org.eclipse.jgit.lib.Repository;

/**
 * Joins the packs of a repository when pushes have left many, in the background: every push leaves
 * a pack, and every look-up of an object asks all of them.
 */
final class Housekeeping {
  private static final Logger LOG = Logger.getLogger(Housekeeping.class.getName());
  private static final int PACKS_MAX = 100;

  /** One at a time, so that builds keep their processors. */
  private final Semaphore turn = new Semaphore(1);

  private final Set<String> running = ConcurrentHashMap.newKeySet();

  void afterPush(String project, Repository repository) {
    if (repository instanceof FileRepository files
        && packs(files) > PACKS_MAX
        && running.add(project)) {
      Thread.ofVirtual().name("git-housekeeping").start(() -> join(project, files));
    }
  }

  /** Whether no repository is being worked on. */
  boolean idle() {
    return running.isEmpty();
  }

  private void join(String project, FileRepository repository) {
    turn.acquireUninterruptibly();
    try {
      GC gc = new GC(repository);
      // At once: readers of this process find a removed pack's objects in the new one.
      gc.setPackExpireAgeMillis(0);
      gc.repack();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "could not join the packs of " + project, e);
    } finally {
      turn.release();
      running.remove(project);
    }
  }

  static int packs(FileRepository repository) {
    Path directory = repository.getObjectsDirectory().toPath().resolve("pack");
    int count = 0;
    try (DirectoryStream<Path> packs = Files.newDirectoryStream(directory, "*.pack")) {
      for (Path _ : packs) {
        count++;
      }
    } catch (IOException e) {
      // A repository whose packs cannot be listed has told its pusher so already.
      return 0;
    }
    return count;
  }
}
