package dev.esteira.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** The tags of a workspace: those that point at commits which it has, as {@code git fetch} does. */
final class WorkTags {
  private static final int TAGS_MAX = 10_000;

  private final Repository source;
  private final Path git;

  WorkTags(Repository source, Path git) {
    this.source = source;
    this.git = git;
  }

  void write(Set<RevCommit> history) throws IOException {
    Set<String> lines = new TreeSet<>();
    List<ObjectId> annotated = new ArrayList<>();
    for (Ref tag : source.getRefDatabase().getRefsByPrefix(Constants.R_TAGS)) {
      Ref peeled = source.getRefDatabase().peel(tag);
      ObjectId object = peeled.getObjectId();
      ObjectId target = peeled.getPeeledObjectId() == null ? object : peeled.getPeeledObjectId();
      // A commit equals its id.
      if (object != null && history.contains(target) && lines.size() < TAGS_MAX) {
        lines.add(object.name() + " " + tag.getName());
        if (!object.equals(target)) {
          annotated.add(object);
        }
      }
    }
    if (!lines.isEmpty()) {
      copy(annotated);
      Files.writeString(git.resolve("packed-refs"), String.join("\n", lines) + "\n");
    }
  }

  private void copy(List<ObjectId> annotated) throws IOException {
    if (annotated.isEmpty()) {
      return;
    }
    try (Repository work = new FileRepositoryBuilder().setGitDir(git.toFile()).build();
        ObjectInserter inserter = work.newObjectInserter()) {
      for (ObjectId id : annotated) {
        ObjectLoader tag = source.open(id, Constants.OBJ_TAG);
        inserter.insert(Constants.OBJ_TAG, tag.getCachedBytes());
      }
      inserter.flush();
    }
  }
}
