package dev.esteira.images;

import dev.esteira.base.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** An image in the form of {@code docker save}, streamed without a copy of its layers. */
final class SavedImage {
  private static final int BLOCK_BYTES = 512;

  private SavedImage() {}

  /** The archive; the engine that loads it gives the image the id of its config. */
  static InputStream of(MadeImage image) throws IOException {
    byte[] config = image.config();
    String configName = image.id().hex() + ".json";
    var entry = Json.object().put("Config", configName);
    entry.putArray("RepoTags");
    var layers = entry.putArray("Layers");
    image.stack().forEach(layer -> layers.add(file(layer)));
    byte[] index = Json.write(Json.array().add(entry)).getBytes(StandardCharsets.UTF_8);
    List<InputStream> parts = new ArrayList<>();
    file(parts, "manifest.json", index.length, new ByteArrayInputStream(index));
    file(parts, configName, config.length, new ByteArrayInputStream(config));
    for (MadeImage layer : image.stack()) {
      parts.add(header(layer.layerDigest().hex() + "/", 0));
      file(parts, file(layer), layer.bytes(), Files.newInputStream(layer.layer()));
    }
    parts.add(new ByteArrayInputStream(new byte[2 * BLOCK_BYTES]));
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  private static String file(MadeImage layer) {
    return layer.layerDigest().hex() + "/layer.tar";
  }

  private static void file(List<InputStream> parts, String name, long size, InputStream content) {
    parts.add(header(name, size));
    parts.add(content);
    int over = (int) (size % BLOCK_BYTES);
    parts.add(new ByteArrayInputStream(new byte[over == 0 ? 0 : BLOCK_BYTES - over]));
  }

  private static InputStream header(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setModTime(0L);
    byte[] block = new byte[BLOCK_BYTES];
    entry.writeEntryHeader(block);
    return new ByteArrayInputStream(block);
  }
}
