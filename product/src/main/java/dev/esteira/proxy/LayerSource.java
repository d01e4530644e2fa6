package dev.esteira.proxy;

import dev.esteira.base.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where a push gets an image's bytes from. */
interface LayerSource {
  /** The image's config, byte for byte: its digest is the image's id. */
  byte[] config(String imageId) throws IOException;

  /**
   * The tar of a layer, byte for byte: its digest is its diff id.
   *
   * @param diffIds the image's layers from the lowest up to this one
   */
  InputStream layer(String imageId, List<Digest> diffIds) throws IOException;
}
