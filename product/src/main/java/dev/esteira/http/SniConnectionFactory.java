package dev.esteira.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the client hello, asks for the context of the name in it, and hands the connection to
 * TLS with those bytes. So contexts can be made when a name is first asked for.
 */
final class SniConnectionFactory extends AbstractConnectionFactory {
  private static final Logger LOG = Logger.getLogger(SniConnectionFactory.class.getName());
  private static final int HELLO_BYTES_MAX = 16 << 10;

  private final Function<String, SSLContext> bySni;
  private final boolean askCertificate;
  private final String next;

  SniConnectionFactory(
      Function<String, SSLContext> bySni, boolean askCertificate, String nextProtocol) {
    super("ssl");
    this.bySni = bySni;
    this.askCertificate = askCertificate;
    this.next = nextProtocol;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(new HelloConnection(connector, endPoint), connector, endPoint);
  }

  private SslConnection secured(Connector connector, EndPoint endPoint, String name) {
    SSLEngine engine = bySni.apply(name.toLowerCase(Locale.ROOT)).createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setUseCipherSuitesOrder(true);
    parameters.setWantClientAuth(askCertificate);
    engine.setSSLParameters(parameters);
    SslConnection connection =
        new SslConnection(
            connector.getByteBufferPool(), connector.getExecutor(), null, endPoint, engine);
    connection.setInputBufferSize(
        Math.max(HELLO_BYTES_MAX, engine.getSession().getPacketBufferSize()));
    EndPoint clear = connection.getSslEndPoint();
    clear.setConnection(connector.getConnectionFactory(next).newConnection(connector, clear));
    return connection;
  }

  /** A connection of which only the client hello is being read. */
  private final class HelloConnection extends AbstractConnection implements Connection.UpgradeFrom {
    private final Connector connector;
    private final ByteBuffer hello = ByteBuffer.allocate(HELLO_BYTES_MAX).limit(0);

    HelloConnection(Connector connector, EndPoint endPoint) {
      super(endPoint, connector.getExecutor());
      this.connector = connector;
    }

    @Override
    public void onOpen() {
      super.onOpen();
      fillInterested();
    }

    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
      return hello;
    }

    @Override
    public void onFillable() {
      try {
        while (true) {
          int filled = getEndPoint().fill(hello);
          if (filled < 0 || hello.limit() == hello.capacity()) {
            close();
            return;
          }
          if (filled == 0) {
            fillInterested();
            return;
          }
          Optional<String> name = ClientHello.serverName(hello);
          if (name.isPresent()) {
            getEndPoint().upgrade(secured(connector, getEndPoint(), name.get()));
            return;
          }
        }
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.FINE, "no TLS for " + getEndPoint().getRemoteSocketAddress(), e);
        close();
      }
    }
  }
}
