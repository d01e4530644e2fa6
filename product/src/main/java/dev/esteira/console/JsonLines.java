package dev.esteira.console;

import dev.esteira.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** An answer of one JSON object a line, each sent at once. */
final class JsonLines {
  private final OutputStream out;

  JsonLines(Exchange exchange) {
    exchange.status(200).set("Content-Type", "application/x-ndjson");
    this.out = exchange.out();
  }

  /** Throws {@link UncheckedIOException} when the client has gone. */
  synchronized void send(Object node) {
    try {
      out.write((node + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() throws IOException {
    out.close();
  }
}
