package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildContextTest {
  @TempDir Path directory;

  @Test
  void theUsersDockerfileStaysAndOursIsExcluded() throws IOException {
    Map<String, String> sent = sent(tar("Dockerfile", "FROM a\r\n", "f", "x"), "FROM id\r\n");
    assertEquals("FROM a\r\n", sent.get("Dockerfile"));
    assertEquals("FROM id\r\n", sent.get(".esteira.dockerfile"));
    assertEquals(".dockerignore\n.esteira.dockerfile\n", sent.get(".dockerignore"));
    assertEquals("x", sent.get("f"));
  }

  @Test
  void theUsersIgnoreListIsLengthened() throws IOException {
    Map<String, String> sent = sent(tar(".dockerignore", "*.tmp", "Dockerfile", "FROM a"), "x");
    assertEquals("*.tmp\n.esteira.dockerfile\n", sent.get(".dockerignore"));
  }

  @Test
  void gzipAndMissingEndsAreRead() throws IOException {
    byte[] tar = tar("Dockerfile", "FROM a");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(tar);
    }
    assertEquals(Optional.of("FROM a"), dockerfile(packed.toByteArray(), "Dockerfile"));
    assertEquals(Optional.of("FROM a"), dockerfile(Arrays.copyOf(tar, 518), "Dockerfile"));
  }

  @Test
  void theDockerfileIsFoundByItsPathAndThroughLinks() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      TarArchiveEntry link = new TarArchiveEntry("Dockerfile", TarArchiveEntry.LF_SYMLINK);
      link.setLinkName("build/Dockerfile.prod");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      put(tar, "build/Dockerfile.prod", "FROM b");
    }
    assertEquals(Optional.of("FROM b"), dockerfile(bytes.toByteArray(), "Dockerfile"));
    assertEquals(Optional.of("FROM b"), dockerfile(bytes.toByteArray(), "./build/Dockerfile.prod"));
    assertFalse(dockerfile(tar("x", "y"), "Dockerfile").isPresent());
  }

  private Optional<String> dockerfile(byte[] tar, String name) throws IOException {
    try (BuildContext context = BuildContext.spool(new ByteArrayInputStream(tar), directory)) {
      return context.dockerfile(name);
    }
  }

  private Map<String, String> sent(byte[] tar, String rewritten) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BuildContext context = BuildContext.spool(new ByteArrayInputStream(tar), directory)) {
      context.dockerfile("Dockerfile");
      context.write(rewritten, new ContextModes(), out);
    }
    Map<String, String> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.put(e.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return entries;
  }

  private static byte[] tar(String... namesAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        put(tar, namesAndTexts[i], namesAndTexts[i + 1]);
      }
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, String name, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
