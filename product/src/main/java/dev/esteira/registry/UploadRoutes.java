package dev.esteira.registry;

import dev.esteira.base.Digest;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.blob.BlobStore;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v2/NAME/blobs/uploads/…}: blobs on their way in, whole, in pieces, or by mount. */
final class UploadRoutes {
  private static final long BLOB_BYTES_MAX = 64L << 30;
  private static final long DRAINED_BYTES_MAX = 4L << 30;
  private static final Pattern PIECE =
      Pattern.compile("(?:bytes )?(\\d{1,18})-(\\d{1,18})(?:/.*)?");

  private final OwnBlobs blobs;
  private final RegistryAuth auth;

  UploadRoutes(OwnBlobs blobs, RegistryAuth auth) {
    this.blobs = blobs;
    this.auth = auth;
  }

  void handle(Exchange exchange, String name, String id) throws IOException {
    auth.require(exchange, "repository", name, "push");
    if (exchange.method().equals("POST") && id.isEmpty()) {
      begin(exchange, name);
      return;
    }
    BlobStore.Upload upload = blobs.resume(id).orElseThrow(() -> unknown(id));
    switch (exchange.method()) {
      case "GET", "HEAD" -> progress(exchange, name, upload, 204);
      case "PATCH" -> {
        append(exchange, name, upload);
        progress(exchange, name, upload, 202);
      }
      case "PUT" -> {
        Digest digest = wanted(exchange);
        append(exchange, name, upload);
        commit(exchange, name, upload, digest);
      }
      case "DELETE" -> {
        upload.abort();
        exchange.send(204, "text/plain", new byte[0]);
      }
      default -> throw RegistryHandler.unsupported(exchange);
    }
  }

  private void begin(Exchange exchange, String name) throws IOException {
    Optional<String> mount = exchange.query("mount");
    if (mount.isPresent()) {
      exchange.query("from").ifPresent(ImageNames::name);
      Digest digest = ImageNames.digest(mount.get());
      if (blobs.hold(digest)) {
        created(exchange, name, digest);
        return;
      }
    }
    boolean single = exchange.query("digest").isPresent();
    Optional<Digest> digest = single ? Optional.of(wanted(exchange)) : Optional.empty();
    BlobStore.Upload upload = blobs.begin();
    if (digest.isPresent()) {
      append(exchange, name, upload);
      commit(exchange, name, upload, digest.get());
    } else {
      progress(exchange, name, upload, 202);
    }
  }

  private static Digest wanted(Exchange exchange) {
    return ImageNames.digest(
        exchange
            .query("digest")
            .orElseThrow(() ->
                new RegistryError(
                    RegistryError.Code.DIGEST_INVALID, "the digest parameter is missing")));
  }

  private void append(Exchange exchange, String name, BlobStore.Upload upload) throws IOException {
    checkPiece(exchange, name, upload);
    long lengthBytes = exchange.header("Content-Length").map(UploadRoutes::length).orElse(0L);
    if (upload.size() + lengthBytes > BLOB_BYTES_MAX) {
      throw new RegistryError(
          RegistryError.Code.SIZE_INVALID, "a blob has at most " + BLOB_BYTES_MAX + " bytes");
    }
    InputStream in = new LimitedInput(exchange.in(), BLOB_BYTES_MAX - upload.size());
    try {
      upload.append(in);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.LIMIT) {
        drain(in);
      }
      throw e;
    }
  }

  /** A sender in the midst of its body reads no answer; so take the rest, then tell. */
  private static void drain(InputStream in) {
    byte[] buffer = new byte[64 << 10];
    try {
      long drained = 0;
      for (int n = in.read(buffer); n >= 0 && drained < DRAINED_BYTES_MAX; n = in.read(buffer)) {
        drained += n;
      }
    } catch (IOException e) {
      // The sender has gone; there is nobody to tell.
    }
  }

  private static long length(String header) {
    try {
      return Long.parseLong(header.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void checkPiece(Exchange exchange, String name, BlobStore.Upload upload) {
    Optional<String> header = exchange.header("Content-Range");
    if (header.isEmpty()) {
      return;
    }
    Matcher piece = PIECE.matcher(header.get());
    if (!piece.matches() || Long.parseLong(piece.group(1)) != upload.size()) {
      describe(exchange, name, upload);
      throw new RegistryError(
          RegistryError.Code.BLOB_UPLOAD_INVALID,
          416,
          "piece '" + header.get() + "' does not follow the " + upload.size() + " bytes received");
    }
  }

  private void commit(Exchange exchange, String name, BlobStore.Upload upload, Digest digest)
      throws IOException {
    blobs.commit(upload, digest);
    created(exchange, name, digest);
  }

  private static void created(Exchange exchange, String name, Digest digest) throws IOException {
    exchange
        .set("Location", "/v2/" + name + "/blobs/" + digest)
        .set("Docker-Content-Digest", digest.value());
    exchange.send(201, "text/plain", new byte[0]);
  }

  private static void progress(Exchange exchange, String name, BlobStore.Upload upload, int status)
      throws IOException {
    describe(exchange, name, upload);
    exchange.send(status, "text/plain", new byte[0]);
  }

  private static void describe(Exchange exchange, String name, BlobStore.Upload upload) {
    exchange
        .set("Location", "/v2/" + name + "/blobs/uploads/" + upload.id())
        .set("Range", "0-" + Math.max(0, upload.size() - 1))
        .set("Docker-Upload-UUID", upload.id());
  }

  private static RegistryError unknown(String id) {
    return new RegistryError(
        RegistryError.Code.BLOB_UPLOAD_UNKNOWN, "there is no upload '" + id + "'");
  }
}
