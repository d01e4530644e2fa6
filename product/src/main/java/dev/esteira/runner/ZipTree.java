package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Unpacks a zip into a workspace in which nothing runs. Jobs made both, so no name leads out and no
 * link is followed: one that stands where a directory must be is replaced.
 */
final class ZipTree {
  private static final int LINK_CHARACTERS_MAX = 4_096;
  private static final int PERMISSIONS = 0777;
  private static final long TEXT_BYTES_MAX = 1 << 20;

  private final Path root;

  ZipTree(Path root) {
    this.root = root;
  }

  /** Returns how many files it held. */
  int unpack(Path zip) {
    int count = 0;
    long bytes = 0;
    try (ZipFile file = ZipFile.builder().setPath(zip).get()) {
      Enumeration<ZipArchiveEntry> entries = file.getEntries();
      while (entries.hasMoreElements()) {
        ZipArchiveEntry entry = entries.nextElement();
        bytes += Math.max(0, entry.getSize());
        if (++count > ArtifactCollector.FILES_MAX || bytes > ArtifactCollector.BYTES_MAX) {
          throw EsteiraException.limit(zip + " holds too much");
        }
        one(file, entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not unpack " + zip + " into " + root, e);
    }
    return count;
  }

  /** The text of one file of a zip, at most 1 MiB. */
  static Optional<String> text(Path zip, String name) {
    try (ZipFile file = ZipFile.builder().setPath(zip).get()) {
      ZipArchiveEntry entry = file.getEntry(name);
      if (entry == null || entry.isDirectory() || entry.getSize() > TEXT_BYTES_MAX) {
        return Optional.empty();
      }
      try (InputStream in = file.getInputStream(entry)) {
        return Optional.of(new String(in.readNBytes((int) TEXT_BYTES_MAX), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + name + " in " + zip, e);
    }
  }

  /** Whether a zip has a file in this directory. */
  static boolean holds(Path zip, String directory) {
    try (ZipFile file = ZipFile.builder().setPath(zip).get()) {
      Enumeration<ZipArchiveEntry> entries = file.getEntries();
      while (entries.hasMoreElements()) {
        ZipArchiveEntry entry = entries.nextElement();
        if (!entry.isDirectory() && entry.getName().startsWith(directory + "/")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + zip, e);
    }
  }

  private void one(ZipFile file, ZipArchiveEntry entry) throws IOException {
    Path target = place(entry.getName());
    if (entry.isDirectory()) {
      directory(target);
      return;
    }
    directory(target.resolveSibling("."));
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      Directories.delete(target);
    }
    Files.deleteIfExists(target);
    try (InputStream in = file.getInputStream(entry)) {
      if (entry.isUnixSymlink()) {
        byte[] text = in.readNBytes(LINK_CHARACTERS_MAX);
        Files.createSymbolicLink(target, Path.of(new String(text, StandardCharsets.UTF_8)));
        return;
      }
      try (var out =
          Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        in.transferTo(out);
      }
    }
    int mode = entry.getUnixMode() & PERMISSIONS;
    if (mode != 0) {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(letters(mode)));
    }
    Files.setLastModifiedTime(target, entry.getLastModifiedTime());
  }

  private Path place(String name) {
    Path target = root.resolve(name).normalize();
    boolean isGit = target.startsWith(root.resolve(".git"));
    if (name.startsWith("/") || !target.startsWith(root) || target.equals(root) || isGit) {
      throw EsteiraException.invalid("'" + name + "' leads out of the workspace");
    }
    return target;
  }

  /** Makes it part by part. */
  private void directory(Path directory) throws IOException {
    Path at = root;
    for (Path part : root.relativize(directory.normalize())) {
      if (part.toString().isEmpty()) {
        continue;
      }
      at = at.resolve(part);
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(at);
        Files.createDirectory(at);
      }
    }
  }

  private static String letters(int mode) {
    StringBuilder letters = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      letters.append((mode & (1 << bit)) != 0 ? "rwx".charAt((8 - bit) % 3) : '-');
    }
    return letters.toString();
  }
}
