package dev.esteira.console;

import dev.esteira.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** An answer of one JSON object a line, each sent at once. */
final class JsonLines {
  private static final long QUIET_MILLIS_MAX = 10_000;

  private final OutputStream out;
  private long quietMillis;

  JsonLines(Exchange exchange) {
    exchange.status(200).set("Content-Type", "application/x-ndjson");
    this.out = exchange.out();
  }

  /** Throws {@link UncheckedIOException} when the client has gone. */
  synchronized void send(Object node) {
    write(node + "\n");
  }

  /** Nothing was sent for so long: an empty line now and then keeps both ends from giving up. */
  synchronized void quiet(long millis) {
    quietMillis += millis;
    if (quietMillis >= QUIET_MILLIS_MAX) {
      write("\n");
    }
  }

  private void write(String text) {
    quietMillis = 0;
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() throws IOException {
    out.close();
  }
}
