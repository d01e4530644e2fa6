package dev.esteira.engine;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * HTTP/1.1 to the engine over its unix socket: a pool of idle connections, bodies streamed both
 * ways, take-over. There is no time limit on reading here: closing the answer, or interrupting the
 * reader, ends a blocked read.
 */
final class HttpClient implements AutoCloseable {
  private static final int IDLE_CONNECTIONS_MAX = 16;
  private static final int CONNECT_PAUSE_MILLIS = 20;

  /** Headers that belong to one connection, or that this client writes itself. */
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "connection", "keep-alive", "transfer-encoding", "content-length", "expect");

  private final Path socket;
  private final long connectMillisMax;
  private final Deque<HttpConnection> idle = new ArrayDeque<>();

  /** {@code connectMillisMax} is how long an engine that restarts is waited for. */
  HttpClient(Path socket, long connectMillisMax) {
    this.socket = socket;
    this.connectMillisMax = connectMillisMax;
  }

  /** Sends a request; whatever the status, the answer returns once its head has come. */
  Engine.Answer send(
      String method, String path, List<Map.Entry<String, String>> headers, InputStream body) {
    try {
      RequestBody framed = RequestBody.of(method, headers, body);
      String head = head(method, path, headers, framed.header(), false);
      boolean repeatable = framed.isNone() && !method.equals("POST");
      Optional<HttpConnection> pooled = takeIdle();
      if (pooled.isPresent()) {
        try {
          return exchange(pooled.get(), method, head, framed);
        } catch (IOException e) {
          // The engine may close an idle connection just as we send; asking again is harmless.
          if (!repeatable || e instanceof ClosedChannelException) {
            throw e;
          }
        }
      }
      return exchange(connect(), method, head, framed);
    } catch (IOException e) {
      throw failed(method, path, e);
    }
  }

  /** Sends a request whose connection the engine is to hand over. */
  Engine.Hijacked hijack(
      String method, String path, List<Map.Entry<String, String>> headers, byte[] body) {
    HttpConnection connection = null;
    try {
      connection = connect();
      String head = head(method, path, headers, "Content-Length: " + body.length + "\r\n", true);
      connection.out().write(concat(HttpConnection.ascii(head), body));
      HttpConnection.Head answer = connection.readHead();
      boolean taken = answer.status() == 101 || isRawStream(answer);
      InputStream in = taken ? connection.in() : AnswerBody.of(connection, method, answer);
      return new TakenOver(connection, answer, in);
    } catch (IOException e) {
      if (connection != null) {
        connection.close();
      }
      throw failed(method, path, e);
    }
  }

  /** Engines that know no upgrade hand the connection over under a plain 200. */
  private static boolean isRawStream(HttpConnection.Head answer) {
    return answer.header("Content-Type").startsWith("application/vnd.docker.raw-stream")
        && answer.header("Content-Length").isEmpty()
        && answer.header("Transfer-Encoding").isEmpty();
  }

  private Engine.Answer exchange(
      HttpConnection connection, String method, String head, RequestBody body) throws IOException {
    BodySender sender = new BodySender(connection, head, body);
    try {
      sender.start();
      HttpConnection.Head answer = connection.readHead();
      return new Streamed(connection, sender, answer, AnswerBody.of(connection, method, answer));
    } catch (IOException | RuntimeException e) {
      connection.close();
      sender.stop();
      if (sender.failure().orElse(null) instanceof RequestBody.SourceException source) {
        throw source;
      }
      throw e;
    }
  }

  private static String head(
      String method,
      String path,
      List<Map.Entry<String, String>> headers,
      String framing,
      boolean upgrade) {
    if (path.chars().anyMatch(c -> c <= ' ' || c == 127)) {
      throw EsteiraException.invalid("'" + path + "' is no request target: it holds a blank");
    }
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: engine\r\n");
    boolean upgradeGiven = false;
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(java.util.Locale.ROOT);
      boolean isUpgrade = name.equals("upgrade");
      if (!OWN_HEADERS.contains(name) && (upgrade || !isUpgrade)) {
        String value = header.getValue().replaceAll("[\r\n]", " ");
        head.append(header.getKey()).append(": ").append(value).append("\r\n");
        upgradeGiven |= isUpgrade;
      }
    }
    if (upgrade) {
      head.append(upgradeGiven ? "" : "Upgrade: tcp\r\n").append("Connection: Upgrade\r\n");
    }
    return head.append(framing).append("\r\n").toString();
  }

  private HttpConnection connect() throws IOException {
    long deadline = System.nanoTime() + connectMillisMax * 1_000_000;
    while (true) {
      try {
        return HttpConnection.open(socket);
      } catch (IOException e) {
        if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
          throw new IOException("no engine answers at " + socket + ": " + e.getMessage(), e);
        }
        pause(e);
      }
    }
  }

  private static void pause(IOException reason) throws IOException {
    try {
      Thread.sleep(CONNECT_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw reason;
    }
  }

  private Optional<HttpConnection> takeIdle() {
    while (true) {
      HttpConnection connection;
      synchronized (idle) {
        connection = idle.pollFirst();
      }
      if (connection == null) {
        return Optional.empty();
      }
      if (!connection.isStale()) {
        return Optional.of(connection);
      }
      connection.close();
    }
  }

  private void giveBack(HttpConnection connection) {
    synchronized (idle) {
      if (idle.size() < IDLE_CONNECTIONS_MAX) {
        idle.addFirst(connection);
        return;
      }
    }
    connection.close();
  }

  /** Closes the idle connections; those in use end with their answers. */
  @Override
  public void close() {
    synchronized (idle) {
      idle.forEach(HttpConnection::close);
      idle.clear();
    }
  }

  private static EsteiraException failed(String method, String path, IOException e) {
    return EsteiraException.unavailable(
        "asked the engine " + method + " " + path + ", but " + e.getMessage(), e);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** An answer on a connection of ours; read whole, the connection goes back to the pool. */
  private final class Streamed implements Engine.Answer {
    private final HttpConnection connection;
    private final BodySender sender;
    private final HttpConnection.Head head;
    private final AnswerBody in;
    private boolean closed;

    Streamed(
        HttpConnection connection, BodySender sender, HttpConnection.Head head, AnswerBody in) {
      this.connection = connection;
      this.sender = sender;
      this.head = head;
      this.in = in;
    }

    @Override
    public int status() {
      return head.status();
    }

    @Override
    public List<Map.Entry<String, String>> headers() {
      return head.headers();
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.of(head.header(name)).filter(value -> !value.isEmpty());
    }

    @Override
    public InputStream in() {
      return in;
    }

    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      boolean keep = !head.header("Connection").equalsIgnoreCase("close");
      if (in.isWhole() && keep && sender.isDone()) {
        giveBack(connection);
      } else {
        connection.close();
        sender.stop();
      }
    }
  }

  private record TakenOver(HttpConnection connection, HttpConnection.Head head, InputStream in)
      implements Engine.Hijacked {
    @Override
    public int status() {
      return head.status();
    }

    @Override
    public List<Map.Entry<String, String>> headers() {
      return head.headers();
    }

    @Override
    public OutputStream out() {
      return connection.out();
    }

    @Override
    public void closeOutput() throws IOException {
      connection.closeOutput();
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
