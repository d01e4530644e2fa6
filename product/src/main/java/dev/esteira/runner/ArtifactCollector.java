package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Finds the files of artifacts in a workspace whose job has ended, and packs them. The job chose
 * the names, so nothing outside the workspace is ever read: links that lead out are left out.
 */
final class ArtifactCollector {
  static final int FILES_MAX = 100_000;
  static final long BYTES_MAX = 5L << 30;

  private final Path workspace;
  private final String inside;
  private final Style style;

  /** How patterns and links are read. */
  enum Style {
    /** CodeBuild's: a star means files, a link stands for its file. */
    BUILD,
    /** GitLab's: what matches a directory means all in it, a link stays a link. */
    SCRIPT
  }

  /** {@code inside} is where the job saw the workspace. */
  ArtifactCollector(Path workspace, String inside) {
    this(workspace, inside, Style.BUILD);
  }

  ArtifactCollector(Path workspace, String inside, Style style) {
    this.style = style;
    try {
      this.workspace = workspace.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("could not find the workspace " + workspace, e);
    }
    this.inside = inside;
  }

  /** Files by the name that they have in the artifact, in order. */
  Map<String, Path> find(Plan.Artifacts artifacts) {
    Map<String, Path> found = new TreeMap<>();
    for (Path base : bases(relative(artifacts.baseDirectory()))) {
      List<Pattern> wanted =
          artifacts.files().stream().flatMap(f -> patterns(base, relative(f)).stream()).toList();
      List<Pattern> unwanted =
          artifacts.excludes().stream().flatMap(f -> patterns(base, relative(f)).stream()).toList();
      walk(
          base,
          (name, file) -> {
            if (matches(wanted, name) && !matches(unwanted, name)) {
              found.put(artifacts.discardPaths() ? file.getFileName().toString() : name, file);
            }
          });
    }
    return found;
  }

  /** Files of the workspace by name: those that match, and those that git did not bring. */
  Map<String, Path> find(List<String> paths, List<String> excludes, Predicate<String> isUntracked) {
    Map<String, Path> found = new TreeMap<>();
    List<Pattern> wanted =
        paths.stream().flatMap(p -> patterns(workspace, relative(p)).stream()).toList();
    List<Pattern> unwanted = excludes.stream().map(p -> Globs.compile(relative(p))).toList();
    walk(
        workspace,
        (name, file) -> {
          if ((matches(wanted, name) || isUntracked.test(name)) && !matches(unwanted, name)) {
            found.put(name, file);
          }
        });
    return found;
  }

  /** Whether a path as written means any of these files. */
  boolean means(String path, Map<String, Path> files) {
    List<Pattern> patterns = patterns(workspace, relative(path));
    return files.keySet().stream().anyMatch(name -> matches(patterns, name));
  }

  /** Every file of the workspace by name. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    walk(workspace, (name, _) -> names.add(name));
    return names;
  }

  private interface Sink {
    void file(String name, Path file);
  }

  private static boolean matches(List<Pattern> patterns, String name) {
    return patterns.stream().anyMatch(p -> p.matcher(name).matches());
  }

  /** A path as written, without the place where the job saw the workspace. */
  private String relative(String path) {
    String plain = path.startsWith(inside + "/") ? path.substring(inside.length() + 1) : path;
    while (plain.startsWith("./")) {
      plain = plain.substring(2);
    }
    return plain.equals(".") || plain.equals(inside) ? "" : plain.replaceAll("/+$", "");
  }

  /** A directory that is named stands for all in it. */
  private List<Pattern> patterns(Path base, String path) {
    if (style == Style.SCRIPT) {
      return path.isEmpty()
          ? List.of(Pattern.compile(".*"))
          : List.of(Globs.compile(path), Pattern.compile(Globs.compile(path).pattern() + "/.*"));
    }
    if (!Globs.isPattern(path) && Files.isDirectory(base.resolve(path))) {
      return List.of(Pattern.compile(Pattern.quote(path + "/") + ".*"));
    }
    return List.of(Globs.compile(path));
  }

  private List<Path> bases(String directory) {
    if (directory.isEmpty()) {
      return List.of(workspace);
    }
    if (!Globs.isPattern(directory)) {
      Path base = workspace.resolve(directory).normalize();
      return Files.isDirectory(base) && isInside(base) ? List.of(base) : List.of();
    }
    Pattern pattern = Globs.compile(directory);
    try (var all = Files.walk(workspace)) {
      return all.filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
          .filter(p -> pattern.matcher(workspace.relativize(p).toString()).matches())
          .sorted(Comparator.naturalOrder())
          .limit(FILES_MAX)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("could not look for " + directory + " in the workspace", e);
    }
  }

  private boolean isInside(Path path) {
    try {
      return path.toRealPath().startsWith(workspace);
    } catch (IOException e) {
      // A link that leads nowhere is not inside.
      return false;
    }
  }

  private void walk(Path base, Sink sink) {
    int[] count = {0};
    try {
      Files.walkFileTree(
          base,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes a) {
              return directory.equals(workspace.resolve(".git"))
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (++count[0] > FILES_MAX) {
                throw EsteiraException.limit("more than " + FILES_MAX + " files in " + base);
              }
              if (attributes.isRegularFile() || (attributes.isSymbolicLink() && isTaken(file))) {
                sink.file(base.relativize(file).toString(), file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("could not look through " + base, e);
    }
  }

  private boolean isTaken(Path link) {
    return style == Style.SCRIPT || (Files.isRegularFile(link) && isInside(link));
  }

  /** Packs the files as a zip with their permissions; returns how many bytes went in. */
  long pack(Map<String, Path> files, Path zip) {
    long bytes = 0;
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      for (Map.Entry<String, Path> file : files.entrySet()) {
        bytes += add(out, file.getKey(), file.getValue());
        if (bytes > BYTES_MAX) {
          throw EsteiraException.limit("an artifact has more than " + BYTES_MAX + " bytes");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not pack the artifacts into " + zip, e);
    }
    return bytes;
  }

  private long add(ZipArchiveOutputStream out, String name, Path file) throws IOException {
    if (style == Style.SCRIPT && Files.isSymbolicLink(file)) {
      return link(out, name, file);
    }
    Path real = file.toRealPath();
    if (!real.startsWith(workspace)) {
      return 0;
    }
    long bytes = Files.size(real);
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    Integer mode = (Integer) Files.getAttribute(real, "unix:mode");
    entry.setUnixMode(mode & 0xFFFF);
    entry.setTime(Files.getLastModifiedTime(real));
    out.putArchiveEntry(entry);
    try (InputStream in =
        Files.newInputStream(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      in.transferTo(out);
    }
    out.closeArchiveEntry();
    return bytes;
  }

  /** As zip programs keep it: the target is the content. Where it leads is the job's affair. */
  private static long link(ZipArchiveOutputStream out, String name, Path link) throws IOException {
    byte[] target = Files.readSymbolicLink(link).toString().getBytes(StandardCharsets.UTF_8);
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setUnixMode(UnixStat.LINK_FLAG | 0777);
    entry.setTime(Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS));
    out.putArchiveEntry(entry);
    out.write(target);
    out.closeArchiveEntry();
    return target.length;
  }
}
