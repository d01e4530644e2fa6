package dev.esteira.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Output of a container without a terminal, as the Engine API multiplexes it: frames of one byte
 * stream, three zero bytes, a big-endian 32-bit length, and that many bytes.
 */
public final class LogFrames {
  private static final int HEADER_BYTES = 8;
  private static final int FRAME_BYTES_MAX = 16 << 20;

  private LogFrames() {}

  /** One frame; {@code stream} 1 is standard output, 2 standard error. */
  public interface FrameSink {
    void frame(int stream, byte[] bytes) throws IOException;
  }

  /** Reads frames until the stream ends; an end within a frame is an {@link EOFException}. */
  public static void read(InputStream in, FrameSink sink) throws IOException {
    while (true) {
      byte[] header = in.readNBytes(HEADER_BYTES);
      if (header.length == 0) {
        return;
      }
      if (header.length < HEADER_BYTES) {
        throw new EOFException("the engine's output ended within a frame's header");
      }
      int length = ByteBuffer.wrap(header).getInt(4);
      if (length < 0 || length > FRAME_BYTES_MAX) {
        throw new IOException("a log frame announces " + (length & 0xffffffffL) + " bytes");
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("the engine's output ended within a frame");
      }
      sink.frame(header[0], bytes);
    }
  }
}
