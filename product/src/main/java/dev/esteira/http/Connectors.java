package dev.esteira.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/**
 * Makes listeners. No HTTP/2 in plain text: BuildKit's {@code Upgrade: h2c} is a tunnel that the
 * handler takes over, and a protocol factory for it would swallow it.
 */
final class Connectors {
  private static final int HEAD_BYTES_MAX = 64 << 10;
  private static final int ACCEPT_QUEUE_MAX = 1_024;
  private static final int STREAMS_MAX = 1_000;

  /** Docker clients send a socket's path as their host; header lines may end with LF alone. */
  private static final HttpCompliance LENIENT =
      HttpCompliance.RFC7230.with(
          "lenient",
          HttpCompliance.Violation.UNSAFE_HOST_HEADER,
          HttpCompliance.Violation.MISMATCHED_AUTHORITY,
          HttpCompliance.Violation.LF_HEADER_TERMINATION);

  private final Server server;
  private final Limits limits;

  Connectors(Server server, Limits limits) {
    this.server = server;
    this.limits = limits;
  }

  ServerConnector plain(InetSocketAddress address) {
    return tcp(address, new HttpConnectionFactory(configuration()));
  }

  ServerConnector tls(
      InetSocketAddress address, Function<String, SSLContext> bySni, boolean askCertificate) {
    HttpConfiguration configuration = configuration();
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
    // Jetty would end a silent stream (a watch, a log that is followed) in spite of its handler.
    http2.setStreamIdleTimeout(-1);
    http2.setMaxConcurrentStreams(STREAMS_MAX);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
    alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
    return tcp(
        address,
        new SniConnectionFactory(bySni, askCertificate, alpn.getProtocol()),
        alpn,
        http2,
        new HttpConnectionFactory(configuration));
  }

  UnixDomainServerConnector unix(Path socket) {
    UnixDomainServerConnector connector =
        new UnixDomainServerConnector(server, 0, 1, new UnixConnectionFactory(configuration()));
    connector.setUnixDomainPath(socket);
    connector.setAcceptQueueSize(ACCEPT_QUEUE_MAX);
    connector.setIdleTimeout(limits.idleMillisMax());
    return connector;
  }

  private ServerConnector tcp(InetSocketAddress address, ConnectionFactory... factories) {
    ServerConnector connector = new ServerConnector(server, 0, 1, factories);
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setAcceptQueueSize(ACCEPT_QUEUE_MAX);
    connector.setIdleTimeout(limits.idleMillisMax());
    return connector;
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setRequestHeaderSize(HEAD_BYTES_MAX);
    configuration.setResponseHeaderSize(HEAD_BYTES_MAX);
    configuration.setSendServerVersion(false);
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setHttpCompliance(LENIENT);
    return configuration;
  }
}
