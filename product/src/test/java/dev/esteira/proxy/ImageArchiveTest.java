package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

class ImageArchiveTest {
  private static final String HEX = "a".repeat(64);
  private static final String LIST =
      "[{\"Config\":\"" + HEX + ".json\",\"RepoTags\":[\"app:1\"],\"Layers\":[]}]";

  private final ImageArchive archive = new ImageArchive(new NameTranslation("est-1-k", "net"));

  @Test
  void loadedNamesBecomeTheOwnersAndOtherListsAreLeftOut() throws IOException {
    Map<String, String> loaded =
        inward(tar(Map.of("manifest.json", LIST, "repositories", "{}", HEX + ".json", "{}")));
    assertEquals(
        "[{\"Config\":\"" + HEX + ".json\",\"Layers\":[],\"RepoTags\":[\"est-1-k/app:1\"]}]",
        loaded.get("manifest.json"));
    assertEquals(2, loaded.size());
  }

  @Test
  void aLinkInThePlaceOfTheListIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      TarArchiveEntry link = new TarArchiveEntry("manifest.json", TarArchiveEntry.LF_SYMLINK);
      link.setLinkName(HEX + ".json");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    assertThrows(EngineError.class, () -> inward(bytes.toByteArray()));
  }

  @Test
  void whatIsNoPartOfAnImageIsRefused() throws IOException {
    for (String name : new String[] {"../x", "etc/passwd", "MANIFEST.json", "x/../manifest.json"}) {
      byte[] tar = tar(Map.of(name, "x"));
      assertThrows(EngineError.class, () -> inward(tar), name);
    }
  }

  private Map<String, String> inward(byte[] tar) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.inward(new ByteArrayInputStream(tar), out);
    Map<String, String> entries = new TreeMap<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.put(e.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertTrue(out.size() % 512 == 0);
    return entries;
  }

  private static byte[] tar(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }
}
