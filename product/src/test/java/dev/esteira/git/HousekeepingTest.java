package dev.esteira.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Home;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
  @Test
  void joinsManyPacksAndLosesNothing() throws Exception {
    // Not a directory that must be empty at the end: JGit measures the file system there, once in
    // a process, with files of its own and in its own time.
    Path target = Path.of(System.getProperty("esteira.root"), "product/target");
    Path directory = Files.createTempDirectory(Files.createDirectories(target), "git");
    try (Bare bare = new Bare(new Home(directory))) {
      // Given
      FileRepository repository = (FileRepository) bare.of("app");
      ObjectId tip = null;
      for (int i = 0; i < 101; i++) {
        tip = commit(repository, tip, i);
      }
      RefUpdate main = repository.updateRef("refs/heads/main");
      main.setNewObjectId(tip);
      main.update();
      assertEquals(101, Housekeeping.packs(repository));

      // When
      Housekeeping housekeeping = new Housekeeping();
      housekeeping.afterPush("app", repository);

      // Then
      long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
      while (!housekeeping.idle() && System.nanoTime() < deadline) {
        LockSupport.parkNanos(1_000_000);
      }
      assertTrue(Housekeeping.packs(repository) <= 2);
      try (RevWalk walk = new RevWalk(repository)) {
        walk.markStart(walk.parseCommit(tip));
        int count = 0;
        while (walk.next() != null) {
          count++;
        }
        assertEquals(101, count);
      }
    }
  }

  private static ObjectId commit(FileRepository repository, ObjectId parent, int number)
      throws Exception {
    try (ObjectInserter inserter = repository.getObjectDatabase().newPackInserter()) {
      CommitBuilder commit = new CommitBuilder();
      PersonIdent ada = new PersonIdent("Ada", "ada@example.com");
      commit.setAuthor(ada);
      commit.setCommitter(ada);
      commit.setMessage("Commit " + number);
      TreeFormatter tree = new TreeFormatter();
      byte[] content = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
      tree.append("f", FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, content));
      commit.setTreeId(inserter.insert(tree));
      if (parent != null) {
        commit.setParentId(parent);
      }
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return id;
    }
  }
}
