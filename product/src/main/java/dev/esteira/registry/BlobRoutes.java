package dev.esteira.registry;

import dev.esteira.base.Digest;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v2/NAME/blobs/DIGEST}: HEAD, GET with one range, DELETE. */
final class BlobRoutes {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private final OwnBlobs blobs;
  private final RegistryAuth auth;

  BlobRoutes(OwnBlobs blobs, RegistryAuth auth) {
    this.blobs = blobs;
    this.auth = auth;
  }

  void handle(Exchange exchange, String name, String reference) throws IOException {
    switch (exchange.method()) {
      case "HEAD" -> send(exchange, name, reference, false);
      case "GET" -> send(exchange, name, reference, true);
      case "DELETE" -> delete(exchange, name, reference);
      default -> throw RegistryHandler.unsupported(exchange);
    }
  }

  private void send(Exchange exchange, String name, String reference, boolean body)
      throws IOException {
    auth.require(exchange, "repository", name, "pull");
    Digest digest = ImageNames.digest(reference);
    if (!body) {
      // Pushers ask so whether they must send it; the answer must hold until their manifest comes.
      blobs.hold(digest);
    }
    long size = blobs.size(digest).orElseThrow(() -> unknown(digest, name));
    Range range = range(exchange, size);
    exchange
        .status(range.whole() ? 200 : 206)
        .set("Content-Type", "application/octet-stream")
        .set("Content-Length", Long.toString(range.length()))
        .set("Docker-Content-Digest", digest.value())
        .set("Accept-Ranges", "bytes")
        .set("Cache-Control", "max-age=31536000")
        .set("ETag", "\"" + digest + "\"");
    if (!range.whole()) {
      exchange.set("Content-Range", "bytes " + range.first + "-" + range.last + "/" + size);
    }
    try (OutputStream out = exchange.out()) {
      if (body) {
        copy(digest, range, out);
      }
    }
  }

  private void copy(Digest digest, Range range, OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, range.length()))];
    long left = range.length();
    try (InputStream in = blobs.open(digest, range.first)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new IOException("blob " + digest + " ended " + left + " bytes early");
        }
        out.write(buffer, 0, n);
        left -= n;
      }
    }
  }

  /** The bytes to send, both ends included. */
  private record Range(long first, long last, boolean whole) {
    long length() {
      return last - first + 1;
    }
  }

  /** One range is honoured; several, or another unit, mean the whole blob (RFC 9110, 14.2). */
  private static Range range(Exchange exchange, long size) {
    Matcher matcher = RANGE.matcher(exchange.header("Range").orElse(""));
    if (!matcher.matches() || matcher.group().equals("bytes=-")) {
      return new Range(0, size - 1, true);
    }
    long first;
    long last = size - 1;
    if (matcher.group(1).isEmpty()) {
      first = Math.max(0, size - Long.parseLong(matcher.group(2)));
    } else {
      first = Long.parseLong(matcher.group(1));
      last = matcher.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(matcher.group(2)));
    }
    if (first > last) {
      exchange.set("Content-Range", "bytes */" + size);
      throw new RegistryError(
          RegistryError.Code.RANGE_INVALID,
          "range " + matcher.group() + " lies outside of the blob's " + size + " bytes");
    }
    return new Range(first, last, false);
  }

  private void delete(Exchange exchange, String name, String reference) throws IOException {
    auth.require(exchange, "repository", name, "delete");
    Digest digest = ImageNames.digest(reference);
    if (!blobs.delete(digest)) {
      throw unknown(digest, name);
    }
    exchange.set("Docker-Content-Digest", digest.value());
    exchange.send(202, "text/plain", new byte[0]);
  }

  private static RegistryError unknown(Digest digest, String name) {
    return new RegistryError(
        RegistryError.Code.BLOB_UNKNOWN, "there is no blob " + digest + " for '" + name + "'");
  }
}
