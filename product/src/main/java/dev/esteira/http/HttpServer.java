package dev.esteira.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * A server of one handler on any number of listeners. Listeners may be added while it runs.
 *
 * <p>Each request has a virtual thread. Idle limit 30 s between requests; none on taken-over
 * connections; heads are limited to 64 KiB.
 */
public interface HttpServer extends AutoCloseable {
  /** Listens in plain text; HTTP/1.1. Returns the port (for port 0, the one chosen). */
  int listen(InetSocketAddress address);

  /**
   * Listens with TLS, HTTP/2 and HTTP/1.1 by ALPN. {@code bySni} gives the context for the name the
   * client asked for (empty when it asked for none).
   */
  int listenTls(InetSocketAddress address, Function<String, SSLContext> bySni);

  /** Listens on a unix socket, mode 0666, replacing a stale file. */
  void listenUnix(Path socket);

  /** Stops listening there; open exchanges end by themselves. */
  void unlistenUnix(Path socket);

  /** Ends taken-over connections and waits at most 2 s for open exchanges. */
  @Override
  void close();
}
