package dev.esteira.http;

import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP/1.1 over a unix socket, where a host means nothing: Debian's Docker 20.10 client sends an
 * empty {@code Host} with attach and exec, which Jetty refuses under every compliance. Such a host
 * reads as {@code localhost}.
 */
final class UnixConnectionFactory extends HttpConnectionFactory {
  private static final HttpField LOCALHOST = new HostPortHttpField("localhost");

  UnixConnectionFactory(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection =
        new HttpConnection(getHttpConfiguration(), connector, endPoint) {
          @Override
          protected RequestHandler newRequestHandler() {
            return new RequestHandler() {
              @Override
              public void parsedHeader(HttpField field) {
                super.parsedHeader(isBlankHost(field) ? LOCALHOST : field);
              }
            };
          }
        };
    return configure(connection, connector, endPoint);
  }

  private static boolean isBlankHost(HttpField field) {
    String value = field.getValue();
    return field.getHeader() == HttpHeader.HOST && (value == null || value.isBlank());
  }
}
