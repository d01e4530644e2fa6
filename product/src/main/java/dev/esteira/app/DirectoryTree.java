package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Dialect;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of a directory, read as if they were a commit. */
record DirectoryTree(Path root) implements Dialect.Tree {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int FILES_MAX = 100_000;

  @Override
  public Optional<String> read(String path) {
    Path file = root.resolve(path).normalize();
    try {
      if (!file.startsWith(root.normalize()) || !Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw EsteiraException.limit(file + " is over 1 MiB");
      }
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      throw EsteiraException.invalid("could not read " + file + ": " + e.getMessage());
    }
  }

  @Override
  public boolean knowsOthers() {
    return false;
  }

  @Override
  public List<String> files() {
    List<String> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes a) {
              return directory.endsWith(".git")
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
              files.add(root.relativize(file).toString());
              return files.size() < FILES_MAX
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw EsteiraException.invalid("could not read " + root + ": " + e.getMessage());
    }
    return files;
  }
}
