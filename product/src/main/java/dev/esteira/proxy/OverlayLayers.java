package dev.esteira.proxy;

import dev.esteira.base.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads layers straight from the data root of an engine on this machine that uses overlay2: the
 * files lie unpacked in {@code overlay2/ID/diff}, and {@code layerdb} keeps all else of the tar
 * ({@code tar-split.json.gz}), so that it can be put together byte for byte. Nothing is trusted:
 * who takes the bytes checks their digest.
 */
final class OverlayLayers implements LayerSource {
  private static final int CONFIG_BYTES_MAX = 8 << 20;

  private final Path root;

  OverlayLayers(Path root) {
    this.root = root;
  }

  /** Whether the data root is there and of the kind that this class reads. */
  boolean isReadable() {
    return Files.isReadable(root.resolve("image/overlay2/layerdb/sha256"))
        && Files.isReadable(root.resolve("image/overlay2/imagedb/content/sha256"));
  }

  @Override
  public byte[] config(String imageId) throws IOException {
    Path file =
        root.resolve("image/overlay2/imagedb/content/sha256").resolve(new Digest(imageId).hex());
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(CONFIG_BYTES_MAX);
    }
  }

  @Override
  public InputStream layer(String imageId, List<Digest> diffIds) throws IOException {
    Path layer = root.resolve("image/overlay2/layerdb/sha256").resolve(chain(diffIds).hex());
    String cache = Files.readString(layer.resolve("cache-id")).strip();
    Path files = root.resolve("overlay2").resolve(cache).resolve("diff");
    InputStream split = Files.newInputStream(layer.resolve("tar-split.json.gz"));
    return new TarSplitStream(new GZIPInputStream(split, 64 << 10), files);
  }

  /** The id of a stack of layers (OCI image spec, "Layer ChainID"). */
  static Digest chain(List<Digest> diffIds) {
    Digest chain = diffIds.getFirst();
    for (Digest next : diffIds.subList(1, diffIds.size())) {
      chain = Digest.of((chain + " " + next).getBytes(StandardCharsets.US_ASCII));
    }
    return chain;
  }
}
