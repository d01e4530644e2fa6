package dev.esteira.git;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.util.FS;

/**
 * Writes a commit's files byte for byte: neither core.autocrlf nor .gitattributes is looked at.
 * Everything is created anew and nothing is followed, so that a hostile tree (".." or a link under
 * the name of a directory) fails instead of writing elsewhere.
 */
final class Checkout {
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final int DEPTH_MAX = 200;

  private final Repository repository;
  private final Path root;
  private final int depth;

  Checkout(Repository repository, Path root, int depth) {
    this.depth = depth;
    this.repository = repository;
    this.root = root;
  }

  void write(ObjectId tree, RevCommit commit, String ref) throws IOException {
    Files.createDirectories(root);
    try (ObjectReader reader = repository.newObjectReader()) {
      Path git = new WorkRepository(repository, reader, root, depth).write(commit, ref);
      DirCache index = DirCache.lock(git.resolve("index").toFile(), FS.DETECTED);
      DirCacheBuilder entries = index.builder();
      directory(reader, tree, "", root, entries, 0);
      entries.commit();
    }
  }

  private void directory(
      ObjectReader reader,
      ObjectId tree,
      String prefix,
      Path into,
      DirCacheBuilder index,
      int depth)
      throws IOException {
    if (depth > DEPTH_MAX) {
      throw new IOException("directories are nested deeper than " + DEPTH_MAX + ": " + prefix);
    }
    CanonicalTreeParser parser = new CanonicalTreeParser(new byte[0], reader, tree);
    for (; !parser.eof(); parser.next(1)) {
      String name = parser.getEntryPathString();
      // The constructor refuses "..", ".git" and everything else that git itself refuses.
      DirCacheEntry entry = new DirCacheEntry(prefix + name);
      Path path = into.resolve(name);
      FileMode mode = parser.getEntryFileMode();
      if (mode.equals(FileMode.TREE)) {
        Files.createDirectory(path);
        directory(reader, parser.getEntryObjectId(), prefix + name + "/", path, index, depth + 1);
        continue;
      }
      if (mode.equals(FileMode.GITLINK)) {
        Files.createDirectory(path);
      } else {
        file(reader, parser.getEntryObjectId(), mode, path);
        entry.setLength(mode.equals(FileMode.SYMLINK) ? linkLength(path) : Files.size(path));
        entry.setLastModified(
            Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant());
      }
      entry.setFileMode(mode);
      entry.setObjectId(parser.getEntryObjectId());
      index.add(entry);
    }
  }

  private static long linkLength(Path link) throws IOException {
    return Files.readSymbolicLink(link).toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static void file(ObjectReader reader, ObjectId id, FileMode mode, Path path)
      throws IOException {
    if (mode.equals(FileMode.SYMLINK)) {
      String target = new String(reader.open(id).getCachedBytes(4_096), StandardCharsets.UTF_8);
      Files.createSymbolicLink(path, Path.of(target));
      return;
    }
    try (OutputStream out =
        Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      reader.open(id).copyTo(out);
    }
    if (mode.equals(FileMode.EXECUTABLE_FILE)) {
      Files.setPosixFilePermissions(path, EXECUTABLE);
    }
  }
}
