package dev.esteira.images;

import dev.esteira.base.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** One layer out of what {@code docker save} writes, in either of its forms, told by its digest. */
final class TopLayer {
  private static final int BUFFER_BYTES = 1 << 18;

  private TopLayer() {}

  static void write(InputStream saved, String digest, Path to) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(saved);
    for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
      boolean mayBe = e.getName().endsWith("/layer.tar") || e.getName().startsWith("blobs/");
      if (mayBe && e.isFile() && !e.isSymbolicLink() && copy(tar, to).equals(digest)) {
        return;
      }
    }
    throw new IOException("the saved image has no layer " + digest);
  }

  private static String copy(InputStream in, Path to) throws IOException {
    MessageDigest hash = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (OutputStream out = Files.newOutputStream(to)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    return Digest.ofHash(hash.digest()).value();
  }
}
