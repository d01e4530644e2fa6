package dev.esteira.edge;

import dev.esteira.base.Awaiting;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends GETs until closed, some on kept connections and some on fresh ones; counts failures. */
public final class LoadClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int ANSWER_BYTES_MAX = 64 << 10;
  private static final int ROUNDS_MAX = 100;

  private final String address;
  private final int port;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  public LoadClient(String address, int port, int kept, int fresh) {
    this.address = address;
    this.port = port;
    for (int i = 0; i < kept + fresh; i++) {
      boolean keep = i < kept;
      threads.execute(() -> run(keep));
    }
  }

  /** One GET on a connection of its own; the body. */
  static String get(String address, int port) throws IOException {
    try (Socket socket = connect(address, port)) {
      return exchange(socket, new BufferedInputStream(socket.getInputStream()), false);
    }
  }

  /** Whether a POST on a connection of its own was answered with 200. */
  static boolean post(String address, int port) throws IOException {
    try (Socket socket = connect(address, port)) {
      String request =
          "POST / HTTP/1.1\r\nHost: app\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return line(socket.getInputStream()).startsWith("HTTP/1.1 200");
    }
  }

  public long answers(String body) {
    AtomicLong count = answers.get(body);
    return count == null ? 0 : count.get();
  }

  public long answers() {
    return answers.values().stream().mapToLong(AtomicLong::get).sum();
  }

  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Waits until so many more answers with this body have come. */
  public void await(String body, long more) throws InterruptedException {
    long until = answers(body) + more;
    Awaiting.until(() -> answers(body) >= until || !failures.isEmpty());
  }

  /** Waits until so many answers with this body have come without one with the other between. */
  public void awaitOnly(String body, String other, long many) throws InterruptedException {
    boolean mixed = true;
    for (int i = 0; mixed && i < ROUNDS_MAX; i++) {
      long before = answers(other);
      await(body, many);
      mixed = answers(other) != before;
    }
    if (mixed) {
      throw new AssertionError(other + " goes on answering beside " + body);
    }
  }

  private void run(boolean keep) {
    @Nullable Socket socket = null;
    @Nullable InputStream in = null;
    while (!closed) {
      try {
        if (socket == null || in == null) {
          socket = connect(address, port);
          in = new BufferedInputStream(socket.getInputStream());
        }
        String body = exchange(socket, in, keep);
        answers.computeIfAbsent(body, name -> new AtomicLong()).incrementAndGet();
        if (!keep) {
          socket.close();
          socket = null;
        }
      } catch (IOException e) {
        failures.add((keep ? "kept: " : "fresh: ") + e);
        socket = null;
      }
    }
  }

  private static Socket connect(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
    return socket;
  }

  private static String exchange(Socket socket, InputStream in, boolean keep) throws IOException {
    String request =
        "GET / HTTP/1.1\r\nHost: app\r\n" + (keep ? "" : "Connection: close\r\n") + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    String status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered '" + status + "'");
    }
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    byte[] body = in.readNBytes(Math.min(length, ANSWER_BYTES_MAX));
    if (body.length < length) {
      throw new IOException("the body ended early");
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    closed = true;
    threads.close();
  }
}
