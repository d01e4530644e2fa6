package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** HAProxy's runtime API (management guide 2.6, section 9.3): commands over a unix socket. */
final class HaproxySocket {
  private static final long ANSWER_MILLIS_MAX = 5_000;
  private static final int ANSWER_BYTES_MAX = 16 << 20;

  private final Path path;

  HaproxySocket(Path path) {
    this.path = path;
  }

  /**
   * Runs commands in one go and gives what they print, together. On a thread of its own, because a
   * caller that is interrupted would close the channel, and HAProxy would look dead.
   */
  String run(String... commands) throws IOException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            answer.complete(exchange(String.join("; ", commands) + "\n"));
          } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw new IOException("could not run '" + commands[0] + "' on " + path, e.getCause());
    }
  }

  private String exchange(String line) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS_MAX);
    try (SocketChannel channel = open();
        Selector selector = Selector.open()) {
      send(channel, line);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
      while (readOnce(channel, selector, buffer, deadline)) {
        answer.write(buffer.array(), 0, buffer.position());
        if (answer.size() > ANSWER_BYTES_MAX) {
          throw new IOException("HAProxy answered more than " + ANSWER_BYTES_MAX + " bytes");
        }
        buffer.clear();
      }
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  /** Waits until HAProxy is gone, or the time has passed, or the thread is interrupted. */
  void awaitEnd(long waitMillis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    try (SocketChannel channel = open();
        Selector selector = Selector.open()) {
      send(channel, "prompt\n");
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer buffer = ByteBuffer.allocate(1024);
      while (!Thread.currentThread().isInterrupted() && System.nanoTime() < deadline) {
        if (!readOnce(channel, selector, buffer, deadline)) {
          return;
        }
        buffer.clear();
      }
    }
  }

  /** False at the end of the stream; an IOException when nothing came until the deadline. */
  private boolean readOnce(
      SocketChannel channel, Selector selector, ByteBuffer buffer, long deadline)
      throws IOException {
    while (true) {
      int count = channel.read(buffer);
      if (count != 0) {
        return count > 0;
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (millis <= 0 || Thread.currentThread().isInterrupted()) {
        throw new IOException("HAProxy did not answer on " + path);
      }
      selector.select(millis);
      selector.selectedKeys().clear();
    }
  }

  private SocketChannel open() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The value of a line {@code name: value} of {@code show info}. */
  Optional<String> info(String name) {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (Stream<String> lines = run("show info").lines()) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean answers() {
    return info("Pid").isPresent();
  }

  /**
   * A table whose first line, after {@code # }, names the columns; {@code separator} is a regular
   * expression.
   */
  static List<Map<String, String>> table(String text, String separator) {
    List<String> lines = text.lines().filter(line -> !line.isBlank() && !line.equals("1")).toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith("# ")) {
      throw EsteiraException.internal("HAProxy answered no table but '" + text.strip() + "'", null);
    }
    String[] names = lines.getFirst().substring(2).split(separator, -1);
    return lines.stream().skip(1).map(line -> row(names, line.split(separator, -1))).toList();
  }

  private static Map<String, String> row(String[] names, String[] values) {
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < Math.min(names.length, values.length); i++) {
      row.put(names[i], values[i]);
    }
    return row;
  }
}
