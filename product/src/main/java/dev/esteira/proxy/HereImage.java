package dev.esteira.proxy;

import dev.esteira.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The image that a build copies its here-documents from. The context can not hold them: {@code COPY
 * . .} would take them along. It has no name and goes when the build is over.
 */
final class HereImage implements AutoCloseable {
  private static final int REGULAR = 0100000;

  private final Engine engine;
  private final Optional<String> id;

  private HereImage(Engine engine, Optional<String> id) {
    this.engine = engine;
    this.id = id;
  }

  /** Makes it, unless there are no files. */
  static HereImage of(Engine engine, List<ClassicDockerfile.File> files) {
    if (files.isEmpty()) {
      return new HereImage(engine, Optional.empty());
    }
    byte[] tar = tar(files);
    return new HereImage(
        engine, Optional.of(engine.importImage(new ByteArrayInputStream(tar), "", "", List.of())));
  }

  Optional<String> id() {
    return id;
  }

  private static byte[] tar(List<ClassicDockerfile.File> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (ClassicDockerfile.File file : files) {
        byte[] content = file.content().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.path());
        entry.setMode(REGULAR | file.mode());
        entry.setModTime(0);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write here-documents", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    id.ifPresent(engine::removeImage);
  }
}
