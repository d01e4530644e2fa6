package dev.esteira.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicReference;

/** What a writer writes, as a stream to read; the writer has a virtual thread of its own. */
final class OutputPipe implements AutoCloseable {
  private static final int PIPE_BYTES = 1 << 20;

  /** Writes all that is to be read. */
  interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  private final PipedInputStream in;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  private OutputPipe(PipedInputStream in) {
    this.in = in;
  }

  static OutputPipe start(Writer writer) throws IOException {
    PipedInputStream in = new PipedInputStream(PIPE_BYTES);
    PipedOutputStream out = new PipedOutputStream(in);
    OutputPipe pipe = new OutputPipe(in);
    Thread.ofVirtual().name("proxy-pipe").start(() -> pipe.run(writer, out));
    return pipe;
  }

  private void run(Writer writer, OutputStream out) {
    try (out) {
      writer.writeTo(out);
    } catch (IOException e) {
      // The reader has gone, and says why itself.
      return;
    } catch (EngineError e) {
      failure.set(e);
    }
  }

  InputStream in() {
    return in;
  }

  /** Throws what the writer refused, if it did. */
  void check() {
    RuntimeException refused = failure.get();
    if (refused != null) {
      throw refused;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
