package dev.esteira.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A build's context, spooled to disk: it is read twice, once for the Dockerfile, once for the
 * engine.
 *
 * <p>The user's Dockerfile stays as it is, so that {@code COPY . .} copies what the user wrote. The
 * one with our names in it goes beside it, excluded by {@code .dockerignore}: the engine takes such
 * a file out of the context after it has read it (this is how {@code docker build -f -} works).
 */
final class BuildContext implements AutoCloseable {
  /** The name of the rewritten Dockerfile; constant, since it may end up in layer checksums. */
  static final String DOCKERFILE = ".esteira.dockerfile";

  private static final String IGNORE = ".dockerignore";
  private static final long CONTEXT_BYTES_MAX = 8L << 30;
  private static final int DOCKERFILE_BYTES_MAX = 1 << 20;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MODE = 0100600;
  private static final int PERMISSIONS = 07777;
  private static final int LINKS_MAX = 8;
  private static final int END_BYTES = 4096;

  private final Path file;
  private Optional<byte[]> ignore = Optional.empty();

  private BuildContext(Path file) {
    this.file = file;
  }

  /** Reads the body to its end. */
  static BuildContext spool(InputStream body, Path directory) throws IOException {
    Files.createDirectories(directory);
    BuildContext context = new BuildContext(Files.createTempFile(directory, "context", ".tar"));
    try (OutputStream out = Files.newOutputStream(context.file)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long size = 0;
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        size += read;
        if (size > CONTEXT_BYTES_MAX) {
          throw EngineError.invalid("the build context is larger than 8 GiB");
        }
        out.write(buffer, 0, read);
      }
      return context;
    } catch (IOException | RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** The Dockerfile of that name; the engine will say it better when there is none. */
  Optional<String> dockerfile(String name) throws IOException {
    String wanted = clean(name);
    for (int links = 0; links < LINKS_MAX; links++) {
      Scan scan = scan(wanted);
      if (scan.text().isPresent() || scan.link().isEmpty()) {
        return scan.text().map(bytes -> new String(bytes, StandardCharsets.UTF_8));
      }
      wanted = scan.link().get();
    }
    throw EngineError.invalid(name + " is a chain of more than " + LINKS_MAX + " links");
  }

  /** What stands under a name: a text, or the name that a link there leads to. */
  private record Scan(Optional<byte[]> text, Optional<String> link) {}

  private Scan scan(String wanted) throws IOException {
    Optional<byte[]> found = Optional.empty();
    Optional<byte[]> lowerCase = Optional.empty();
    Optional<String> link = Optional.empty();
    try (TarArchiveInputStream tar = open()) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        String path = clean(e.getName());
        if (path.equals(wanted) && e.isSymbolicLink()) {
          Path here = Path.of("/", wanted);
          link = Optional.of(clean(here.resolveSibling(e.getLinkName()).toString()));
        } else if (ImageArchive.isRegular(e)) {
          if (path.equals(wanted)) {
            found = Optional.of(text(tar, path));
          } else if (wanted.equals("Dockerfile") && path.equals("dockerfile")) {
            lowerCase = Optional.of(text(tar, path));
          } else if (path.equals(IGNORE)) {
            ignore = Optional.of(text(tar, path));
          }
        }
      }
    }
    return new Scan(found.isPresent() ? found : lowerCase, link);
  }

  private static byte[] text(InputStream in, String path) throws IOException {
    byte[] bytes = in.readNBytes(DOCKERFILE_BYTES_MAX + 1);
    if (bytes.length > DOCKERFILE_BYTES_MAX) {
      throw EngineError.invalid(path + " is larger than 1 MiB");
    }
    return bytes;
  }

  /** Writes the context with the rewritten Dockerfile in it, and these permissions. */
  void write(String rewritten, ContextModes modes, OutputStream out) throws IOException {
    try (TarArchiveInputStream in = open();
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      put(tar, ours(DOCKERFILE), rewritten.getBytes(StandardCharsets.UTF_8));
      if (ignore.isEmpty()) {
        put(tar, ours(IGNORE), ignoring());
      }
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        String path = clean(e.getName());
        if (path.equals(IGNORE)) {
          put(tar, like(e), ignoring());
        } else if (!path.equals(DOCKERFILE)) {
          int asSent = e.getMode() & PERMISSIONS;
          e.setMode((e.getMode() & ~PERMISSIONS) | modes.of(path).orElse(asSent));
          tar.putArchiveEntry(e);
          if (e.isFile()) {
            in.transferTo(tar);
          }
          tar.closeArchiveEntry();
        }
      }
    }
  }

  /** Excludes our file; and the list itself, where the user has none. */
  private byte[] ignoring() {
    String own = ignore.map(b -> new String(b, StandardCharsets.UTF_8) + "\n").orElse("");
    String self = ignore.isEmpty() ? IGNORE + "\n" : "";
    return (own + self + DOCKERFILE + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static TarArchiveEntry ours(String name) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(MODE);
    entry.setModTime(0);
    return entry;
  }

  /** A copy, because the reader goes by the size in the entry that it gave out. */
  private static TarArchiveEntry like(TarArchiveEntry e) {
    TarArchiveEntry entry = new TarArchiveEntry(e.getName());
    entry.setMode(e.getMode());
    entry.setIds(Math.toIntExact(e.getLongUserId()), Math.toIntExact(e.getLongGroupId()));
    entry.setModTime(e.getLastModifiedTime());
    return entry;
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] bytes)
      throws IOException {
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private TarArchiveInputStream open() throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    in.mark(2);
    boolean isGzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    InputStream plain = isGzip ? new GZIPInputStream(in, BUFFER_BYTES) : in;
    // The client of docker build -f - leaves out the last padding and the end mark.
    InputStream ended =
        new SequenceInputStream(plain, new ByteArrayInputStream(new byte[END_BYTES]));
    return new TarArchiveInputStream(ended, "UTF-8");
  }

  private static String clean(String name) {
    String path = Path.of("/", name).normalize().toString();
    return path.substring(1);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
