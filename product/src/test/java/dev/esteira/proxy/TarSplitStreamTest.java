package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.esteira.base.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarSplitStreamTest {
  @TempDir Path files;

  @Test
  void segmentsAndFilesAreJoinedInOrder() throws IOException {
    Files.writeString(files.resolve("a"), "content of a");
    String record =
        segment("head|")
            + "{\"type\":1,\"name\":\"./a\",\"size\":12,\"payload\":\"AAAA\",\"position\":1}\n"
            + segment("|pad")
            + "{\"type\":1,\"name\":\"link\",\"position\":3}\n"
            + segment("|end");
    assertEquals("head|content of a|pad|end", read(record));
  }

  @Test
  void aFileThatHasShrunkIsAFailure() throws IOException {
    Files.writeString(files.resolve("a"), "short");
    String record = "{\"type\":1,\"name\":\"a\",\"size\":12,\"position\":0}\n";
    assertThrows(IOException.class, () -> read(record));
  }

  @Test
  void namesThatLeadOutOfTheLayerAreRefused() {
    String record = "{\"type\":1,\"name\":\"../../etc/passwd\",\"size\":1,\"position\":0}\n";
    assertThrows(IOException.class, () -> read(record));
  }

  @Test
  void theChainOfOneLayerIsTheLayer() {
    Digest a = Digest.of(new byte[] {1});
    Digest b = Digest.of(new byte[] {2});
    assertEquals(a, OverlayLayers.chain(List.of(a)));
    assertEquals(
        Digest.of((a + " " + b).getBytes(StandardCharsets.UTF_8)),
        OverlayLayers.chain(List.of(a, b)));
  }

  private String read(String record) throws IOException {
    byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
    try (InputStream in = new TarSplitStream(new ByteArrayInputStream(bytes), files)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String segment(String text) {
    String payload = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return "{\"type\":2,\"payload\":\"" + payload + "\",\"position\":0}\n";
  }
}
