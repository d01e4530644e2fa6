package dev.esteira.git;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.DepthWalk;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.pack.PackConfig;

/**
 * The {@code .git} of a workspace: the last commits of one ref as a shallow repository of its own.
 * Packs are copied, never linked, because a job is root over its workspace and a link would let it
 * write into the repository that everybody shares.
 */
final class WorkRepository {
  private static final int DEPTH_MAX = 1_000_000;

  private final Repository source;
  private final ObjectReader reader;
  private final Path git;
  private final int depth;

  /** {@code depth} counts commits; 0 means all of them. */
  WorkRepository(Repository source, ObjectReader reader, Path directory, int depth) {
    this.depth = depth <= 0 ? DEPTH_MAX : depth;
    this.source = source;
    this.reader = reader;
    this.git = directory.resolve(".git");
  }

  /** Makes it, with HEAD detached at the commit, and returns its directory. */
  Path write(RevCommit commit, String ref) throws IOException {
    for (String name : List.of("objects/pack", "objects/info", "refs/heads", "refs/tags", "info")) {
      Files.createDirectories(git.resolve(name));
    }
    Files.writeString(
        git.resolve("config"),
        """
        [core]
        \trepositoryformatversion = 0
        \tfilemode = true
        \tbare = false
        \tlogallrefupdates = true
        \tautocrlf = false
        """);
    Files.writeString(git.resolve("HEAD"), commit.name() + "\n");
    refs(commit, ref);
    Set<RevCommit> edge = new LinkedHashSet<>();
    Set<RevCommit> history = history(commit, edge);
    if (!edge.isEmpty()) {
      List<String> lines = edge.stream().map(RevCommit::name).toList();
      Files.writeString(git.resolve("shallow"), String.join("\n", lines) + "\n");
    }
    pack(commit);
    new WorkTags(source, git).write(history);
    return git;
  }

  private void refs(RevCommit commit, String ref) throws IOException {
    String local = "";
    if (ref.startsWith(Constants.R_HEADS)) {
      local = "refs/remotes/origin/" + ref.substring(Constants.R_HEADS.length());
    } else if (ref.startsWith(Constants.R_TAGS)) {
      local = ref;
    }
    if (Repository.isValidRefName(local)) {
      Path file = git.resolve(local);
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, commit.name() + "\n");
    }
  }

  /** The commits down to the depth; those at the last that have parents beyond it are its edge. */
  private Set<RevCommit> history(RevCommit tip, Set<RevCommit> edge) throws IOException {
    Set<RevCommit> seen = new LinkedHashSet<>();
    try (RevWalk walk = new RevWalk(reader)) {
      List<RevCommit> level = List.of(walk.parseCommit(tip));
      for (int at = 1; at <= depth && !level.isEmpty(); at++) {
        List<RevCommit> next = new ArrayList<>();
        for (RevCommit commit : level) {
          if (!seen.add(commit)) {
            continue;
          }
          if (at == depth && commit.getParentCount() > 0) {
            edge.add(commit);
          }
          for (RevCommit parent : commit.getParents()) {
            next.add(walk.parseCommit(parent));
          }
        }
        level = next;
      }
    }
    return seen;
  }

  private void pack(RevCommit tip) throws IOException {
    PackConfig config = new PackConfig(source);
    // Speed counts here, not size: reuse what there is and search for no new deltas.
    config.setDeltaCompress(false);
    try (PackWriter writer = new PackWriter(config, source.newObjectReader());
        ObjectReader own = source.newObjectReader();
        DepthWalk.ObjectWalk walk = new DepthWalk.ObjectWalk(own, depth - 1)) {
      writer.setShallowPack(depth, List.of());
      Set<ObjectId> none = Set.of();
      writer.preparePack(NullProgressMonitor.INSTANCE, walk, Set.of(tip), none, none);
      Path packs = git.resolve("objects/pack");
      Path temporary = packs.resolve("new.pack");
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
        writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, out);
      }
      String name = "pack-" + writer.computeName().name();
      Files.move(temporary, packs.resolve(name + ".pack"));
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(packs.resolve(name + ".idx")), 1 << 16)) {
        writer.writeIndex(out);
      }
    }
  }
}
