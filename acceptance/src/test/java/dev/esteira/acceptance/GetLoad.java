package dev.esteira.acceptance;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * GETs over kept and over fresh connections until closed. Written on bare sockets, because a client
 * library would send a request again on its own and hide what went wrong.
 */
final class GetLoad implements AutoCloseable {
  private static final int CONNECT_MILLIS_MAX = 5_000;
  private static final int ANSWER_MILLIS_MAX = 15_000;
  private static final long PAUSE_NANOS = 2_000_000;
  private static final int FAILURES_KEPT_MAX = 20;
  private static final int LINE_BYTES_MAX = 8192;

  /** An answer: whether the server keeps the connection, and the body. */
  private record Answer(boolean kept, String body) {}

  private final String host;
  private final int port;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentMap<String, AtomicLong> bodies = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Starts as many clients of either kind. */
  GetLoad(String host, int port, int clients) {
    this.host = host;
    this.port = port;
    for (int i = 0; i < clients; i++) {
      threads.add(Thread.ofVirtual().start(this::kept));
      threads.add(Thread.ofVirtual().start(this::fresh));
    }
  }

  long answered() {
    return answered.get();
  }

  long failed() {
    return failed.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** How often this body was answered. */
  long times(String body) {
    AtomicLong count = bodies.get(body);
    return count == null ? 0 : count.get();
  }

  private void kept() {
    while (!closed) {
      boolean more = true;
      try (Socket socket = connect()) {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        while (more && !closed) {
          more = get(socket, in, "keep-alive");
        }
      } catch (IOException e) {
        fail("kept", e);
      }
    }
  }

  private void fresh() {
    while (!closed) {
      try (Socket socket = connect()) {
        get(socket, new BufferedInputStream(socket.getInputStream()), "close");
      } catch (IOException e) {
        fail("fresh", e);
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(ANSWER_MILLIS_MAX);
    socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS_MAX);
    return socket;
  }

  /** One request and its answer; whether the connection may be used again. */
  private boolean get(Socket socket, InputStream in, String connection) throws IOException {
    String request = "GET / HTTP/1.1\r\nHost: app\r\nConnection: " + connection + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    Answer answer = answer(in);
    answered.incrementAndGet();
    bodies.computeIfAbsent(answer.body(), _ -> new AtomicLong()).incrementAndGet();
    LockSupport.parkNanos(PAUSE_NANOS);
    return answer.kept();
  }

  private static Answer answer(InputStream in) throws IOException {
    String status = line(in);
    boolean kept = true;
    int length = -1;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      }
      kept &= !header.equals("connection: close");
    }
    byte[] body = in.readNBytes(Math.max(length, 0));
    if (!status.contains(" 200 ") || body.length != length) {
      throw new IOException(status + " with " + body.length + " of " + length + " bytes");
    }
    return new Answer(kept, new String(body, StandardCharsets.UTF_8).strip());
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < LINE_BYTES_MAX) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended after '" + line + "'");
      }
      if (next == '\n') {
        return line.toString().strip();
      }
      line.append((char) next);
    }
    throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes");
  }

  private void fail(String kind, IOException e) {
    failed.incrementAndGet();
    if (failures.size() < FAILURES_KEPT_MAX) {
      failures.add(kind + " connection, after " + answered + " answers: " + e);
    }
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Runs the action on this load, ends the load, and then lets the judge look at it. */
  void during(Runnable action, Consumer<GetLoad> judge) {
    try (this) {
      action.run();
    }
    judge.accept(this);
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join(ANSWER_MILLIS_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
