package dev.esteira.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One connection over a unix socket: bytes in, bytes out, and the heads of HTTP/1.1 answers (RFC
 * 9112). One thread may read while another writes; closing wakes both.
 */
final class HttpConnection implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int HEAD_BYTES_MAX = 64 << 10;

  /** The head of an answer. */
  record Head(int status, List<Map.Entry<String, String>> headers) {
    Head {
      headers = List.copyOf(headers);
    }

    String header(String name) {
      return headers.stream()
          .filter(h -> h.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse("");
    }
  }

  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private final InputStream in = new Input();
  private final OutputStream out = new Output();

  private HttpConnection(SocketChannel channel) {
    this.channel = channel;
  }

  static HttpConnection open(Path socket) throws IOException {
    return new HttpConnection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /** What the peer sends, from where the last head ended. */
  InputStream in() {
    return in;
  }

  /** Unbuffered: every write goes out. */
  OutputStream out() {
    return out;
  }

  void closeOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Whether an idle connection was closed by the peer, or holds bytes that nobody asked for. */
  boolean isStale() {
    if (buffer.hasRemaining() || !channel.isOpen()) {
      return true;
    }
    try {
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read != 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Reads the head of the next answer; interim answers (1xx but 101) are passed over. */
  Head readHead() throws IOException {
    while (true) {
      Head head = readAnyHead();
      if (head.status() == 101 || head.status() >= 200) {
        return head;
      }
    }
  }

  private Head readAnyHead() throws IOException {
    int[] budget = {HEAD_BYTES_MAX};
    String statusLine = readLine(budget);
    String[] parts = statusLine.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[0-9]{3}")) {
      throw new ProtocolException("'" + statusLine + "' is no HTTP/1.1 status line");
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String line = readLine(budget); !line.isEmpty(); line = readLine(budget)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new ProtocolException("'" + line + "' is no header line");
      }
      headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return new Head(Integer.parseInt(parts[1]), headers);
  }

  /** A line without its end; its bytes are taken from the budget. */
  String readLine(int[] budget) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the engine closed the connection within an answer's head");
      }
      if (--budget[0] < 0) {
        throw new ProtocolException("an answer's head is longer than " + HEAD_BYTES_MAX + " bytes");
      }
      line.append((char) b);
    }
    int end = line.length();
    return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to be done with a socket whose close failed.
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int taken = Math.min(length, buffer.remaining());
      buffer.get(target, offset, taken);
      return taken;
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      buffer.clear();
      int read = -1;
      try {
        read = channel.read(buffer);
      } finally {
        buffer.flip();
      }
      return read > 0;
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
      while (bytes.hasRemaining()) {
        // Small slices, because the channel copies each through a buffer outside the heap.
        int slice = Math.min(bytes.remaining(), BUFFER_BYTES);
        ByteBuffer part = bytes.slice(bytes.position(), slice);
        channel.write(part);
        bytes.position(bytes.position() + part.position());
      }
    }
  }
}
