package dev.esteira.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a request's body goes over the wire: not at all, with its length, or in chunks. */
sealed interface RequestBody {
  /** The framing header, with its line end, or nothing. */
  String header();

  void send(OutputStream out) throws IOException;

  /** Whether it is small enough to be sent before the answer is looked at. */
  boolean isSmall();

  /** Whether it can be sent a second time. */
  default boolean isNone() {
    return this instanceof None;
  }

  /** No body. */
  record None(boolean announced) implements RequestBody {
    @Override
    public String header() {
      return announced ? "Content-Length: 0\r\n" : "";
    }

    @Override
    public void send(OutputStream out) {}

    @Override
    public boolean isSmall() {
      return true;
    }
  }

  /** A body of known length. */
  record Sized(InputStream in, long length) implements RequestBody {
    private static final int SMALL_BYTES_MAX = 64 << 10;

    @Override
    public String header() {
      return "Content-Length: " + length + "\r\n";
    }

    @Override
    public void send(OutputStream out) throws IOException {
      byte[] buffer = new byte[SMALL_BYTES_MAX];
      long left = length;
      while (left > 0) {
        int read = RequestBody.read(in, buffer, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new SourceException("the body ended " + left + " bytes early", null);
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }

    @Override
    public boolean isSmall() {
      return length <= SMALL_BYTES_MAX;
    }
  }

  /** A body of unknown length. */
  record Chunked(InputStream in) implements RequestBody {
    private static final int CHUNK_BYTES_MAX = 64 << 10;

    @Override
    public String header() {
      return "Transfer-Encoding: chunked\r\n";
    }

    @Override
    public void send(OutputStream out) throws IOException {
      byte[] buffer = new byte[CHUNK_BYTES_MAX];
      int read = RequestBody.read(in, buffer, buffer.length);
      for (; read >= 0; read = RequestBody.read(in, buffer, buffer.length)) {
        out.write(HttpConnection.ascii(Integer.toHexString(read) + "\r\n"));
        out.write(buffer, 0, read);
        out.write(HttpConnection.ascii("\r\n"));
      }
      out.write(HttpConnection.ascii("0\r\n\r\n"));
    }

    @Override
    public boolean isSmall() {
      return false;
    }
  }

  /** The giver of the body failed, not the engine. */
  final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    SourceException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private static int read(InputStream in, byte[] buffer, int limit) throws IOException {
    try {
      return in.read(buffer, 0, limit);
    } catch (IOException e) {
      throw new SourceException("the body could not be read: " + e.getMessage(), e);
    }
  }

  /** Chooses by the caller's headers; without any, a POST with bytes goes in chunks. */
  static RequestBody of(String method, List<Map.Entry<String, String>> headers, InputStream body)
      throws IOException {
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase("Transfer-Encoding")) {
        return new Chunked(body);
      }
      if (header.getKey().equalsIgnoreCase("Content-Length")) {
        long length = Long.parseLong(header.getValue().strip());
        return length == 0 ? new None(true) : new Sized(body, length);
      }
    }
    if (Set.of("GET", "HEAD", "DELETE").contains(method)) {
      return new None(false);
    }
    PushbackInputStream peeked = new PushbackInputStream(body, 1);
    int first = peeked.read();
    if (first < 0) {
      return new None(true);
    }
    peeked.unread(first);
    return new Chunked(peeked);
  }
}
