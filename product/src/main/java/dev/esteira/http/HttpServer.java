package dev.esteira.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * A server of one handler on any number of listeners. Listeners may be added while it runs.
 *
 * <p>Each request has a virtual thread. Idle limit 30 s between requests and 10 min while a body of
 * HTTP/1.1 is under way and the other side does not move; none on taken-over connections, nor while
 * a handler neither reads nor writes. Heads are limited to 64 KiB. What a handler leaves unread of
 * a body is drained up to 64 MiB, so that clients which read late still see the answer.
 */
public interface HttpServer extends AutoCloseable {
  /** Listens in plain text; HTTP/1.1. Returns the port (for port 0, the one chosen). */
  int listen(InetSocketAddress address);

  /**
   * Listens with TLS, HTTP/2 and HTTP/1.1 by ALPN. {@code bySni} gives the context for the name the
   * client asked for (empty when it asked for none).
   */
  int listenTls(InetSocketAddress address, Function<String, SSLContext> bySni);

  /**
   * The same, and asks clients for a certificate, which they need not have. One that the context's
   * trust managers refuse ends the handshake; see {@link Exchange#clientCertificates}.
   */
  int listenMutualTls(InetSocketAddress address, Function<String, SSLContext> bySni);

  /** Stops listening there; open exchanges end by themselves. */
  void unlisten(InetSocketAddress address);

  /** Listens on a unix socket, mode 0666, replacing a stale file. */
  void listenUnix(Path socket);

  /** Stops listening there; open exchanges end by themselves. */
  void unlistenUnix(Path socket);

  /** Ends taken-over connections and waits at most 2 s for open exchanges. */
  @Override
  void close();
}
