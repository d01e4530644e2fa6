package dev.esteira.edge.elb;

import dev.esteira.edge.elb.HealthMachine.Outcome;
import dev.esteira.edge.elb.LoadBalancers.HealthCheck;
import dev.esteira.names.AnyCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * One health check, from the load balancer's own address, as the application's traffic comes.
 *
 * @param source empty for the host's own address
 */
record Probe(HealthCheck check, String source, String address, int port) {
  private static final int LINE_BYTES_MAX = 8_192;
  private static final Outcome FAILED =
      new Outcome.Failed("Target.FailedHealthChecks", "Health checks failed");

  Outcome run() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(check.timeoutSeconds());
    try (Socket socket = new Socket()) {
      if (!source.isEmpty()) {
        socket.bind(new InetSocketAddress(source, 0));
      }
      socket.connect(new InetSocketAddress(address, port), left(end));
      return check.overHttp() ? ask(socket, end) : new Outcome.Passed();
    } catch (SocketTimeoutException e) {
      return new Outcome.Failed("Target.Timeout", "Request timed out");
    } catch (IOException e) {
      return FAILED;
    }
  }

  private static int left(long end) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("too late");
    }
    return (int) millis;
  }

  private Outcome ask(Socket plain, long end) throws IOException {
    Socket socket = plain;
    plain.setSoTimeout(left(end));
    if (check.protocol().equals("HTTPS")) {
      socket = AnyCertificate.over(plain, address, port);
    }
    String request =
        """
        GET %s HTTP/1.1
        Host: %s:%d
        Connection: close
        User-Agent: ELB-HealthChecker/2.0

        """
            .formatted(check.path(), address, port)
            .replace("\n", "\r\n");
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    String status = line(socket.getInputStream(), plain, end);
    if (!status.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      return FAILED;
    }
    int code = Integer.parseInt(status.substring(9, 12));
    return matches(check.matcher(), code)
        ? new Outcome.Passed()
        : new Outcome.Failed(
            "Target.ResponseCodeMismatch", "Health checks failed with these codes: [" + code + "]");
  }

  private static String line(InputStream in, Socket socket, long end) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < LINE_BYTES_MAX; i++) {
      socket.setSoTimeout(left(end));
      int c = in.read();
      if (c < 0 || c == '\n') {
        return line.toString().strip();
      }
      line.append((char) c);
    }
    return "";
  }

  /** {@code 200,301-302}. */
  static boolean matches(String matcher, int code) {
    for (String each : matcher.split(",")) {
      String[] range = each.strip().split("-");
      int from = Integer.parseInt(range[0]);
      int to = range.length > 1 ? Integer.parseInt(range[1]) : from;
      if (code >= from && code <= to) {
        return true;
      }
    }
    return false;
  }
}
