package dev.esteira.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Reads what is appended to a file, into lines. One thread. */
final class FileTail implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int ROUND_BYTES_MAX = 8 << 20;

  private final FileChannel file;
  private final LogLines lines;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
  private long position;

  FileTail(Path path, long offset, LogLines lines) {
    this.file = ControlDirectory.open(path);
    this.position = offset;
    this.lines = lines;
  }

  /** Reads what is there, up to a limit for each round; returns how many bytes that was. */
  long drain() {
    try {
      long read = 0;
      while (read < ROUND_BYTES_MAX) {
        chunk.clear();
        int n = file.read(chunk, position);
        if (n <= 0) {
          break;
        }
        position += n;
        read += n;
        lines.write(chunk.flip());
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read on in a sandbox's file", e);
    }
  }

  long position() {
    return position;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close a sandbox's file", e);
    }
  }
}
