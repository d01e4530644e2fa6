package dev.esteira.http;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One exchange on Jetty's request and response. */
final class JettyExchange implements Exchange {
  private static final long DRAIN_BYTES_MAX = 64L << 20;

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Set<TakenOverConnection> registry;
  private final ResponseBody out;
  private @Nullable InputStream in;
  private @Nullable Map<String, List<String>> query;
  private boolean answered;
  private boolean takenOver;

  JettyExchange(
      Request request, Response response, Callback callback, Set<TakenOverConnection> registry) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.registry = registry;
    this.out = new ResponseBody(response, request.getMethod().equals("HEAD"));
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String path() {
    return Percent.decode(rawPath(), false);
  }

  @Override
  public String rawPath() {
    String path = request.getHttpURI().getPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  @Override
  public String rawQuery() {
    String text = request.getHttpURI().getQuery();
    return text == null ? "" : text;
  }

  @Override
  public Map<String, List<String>> query() {
    Map<String, List<String>> parsed = query;
    if (parsed == null) {
      parsed = Percent.query(rawQuery());
      query = parsed;
    }
    return parsed;
  }

  @Override
  public Optional<String> query(String name) {
    return query().getOrDefault(name, List.of()).stream().findFirst();
  }

  @Override
  public String pathParameter(String name) {
    throw new IllegalArgumentException("no route names a path parameter '" + name + "'");
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  @Override
  public List<String> headers(String name) {
    return request.getHeaders().getValuesList(name);
  }

  @Override
  public List<Map.Entry<String, String>> headers() {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      all.add(new SimpleImmutableEntry<>(field.getName(), value == null ? "" : value));
    }
    return List.copyOf(all);
  }

  @Override
  public String host() {
    String authority = request.getHttpURI().getAuthority();
    return header("Host").orElse(authority == null ? "" : authority);
  }

  @Override
  public boolean secure() {
    return request.getConnectionMetaData().isSecure();
  }

  @Override
  public Optional<InetSocketAddress> remote() {
    return inet(request.getConnectionMetaData().getRemoteSocketAddress());
  }

  @Override
  public Optional<InetSocketAddress> local() {
    return inet(request.getConnectionMetaData().getLocalSocketAddress());
  }

  private static Optional<InetSocketAddress> inet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? Optional.of(inet) : Optional.empty();
  }

  @Override
  public List<X509Certificate> clientCertificates() {
    List<X509Certificate> chain = new ArrayList<>();
    if (endPoint() instanceof SslConnection.SslEndPoint secured) {
      try {
        var session = secured.getSslConnection().getSSLEngine().getSession();
        for (Certificate certificate : session.getPeerCertificates()) {
          if (certificate instanceof X509Certificate x509) {
            chain.add(x509);
          }
        }
      } catch (SSLPeerUnverifiedException e) {
        // The client showed none, as it may.
        return List.of();
      }
    }
    return List.copyOf(chain);
  }

  private EndPoint endPoint() {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  @Override
  public InputStream in() {
    InputStream body = in;
    if (body == null) {
      body = Content.Source.asInputStream(request);
      in = body;
    }
    return body;
  }

  @Override
  public byte[] body(int bytesMax) {
    try {
      byte[] bytes = in().readNBytes(bytesMax);
      if (bytes.length == bytesMax && in().read() >= 0) {
        throw EsteiraException.limit(
            "the body of " + method() + " " + rawPath() + " is larger than " + bytesMax + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new EsteiraException(
          ErrorCode.INVALID, "could not read the body of " + method() + " " + rawPath(), e);
    }
  }

  @Override
  public Exchange status(int status) {
    answered = true;
    response.setStatus(status);
    return this;
  }

  @Override
  public Exchange set(String name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  @Override
  public Exchange add(String name, String value) {
    response.getHeaders().add(name, value);
    return this;
  }

  @Override
  public OutputStream out() {
    answered = true;
    return out;
  }

  @Override
  public boolean committed() {
    return response.isCommitted();
  }

  @Override
  public void send(int status, String contentType, byte[] body) throws IOException {
    status(status);
    set("Content-Type", contentType);
    set("Content-Length", Integer.toString(body.length));
    out.write(body);
    out.close();
  }

  @Override
  public void json(int status, Object body) throws IOException {
    send(status, "application/json", Json.mapper().writeValueAsBytes(body));
  }

  @Override
  public void text(int status, String body) throws IOException {
    send(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  /** Forgets an answer that was begun and not sent; one that was sent cannot be mended. */
  void discard() throws IOException {
    if (response.isCommitted()) {
      throw new IOException("the answer had begun when its handler failed");
    }
    out.discard();
    response.reset();
  }

  boolean isTakenOver() {
    return takenOver;
  }

  /** Ends the answer, and drains what was not read of the body. */
  void finish() throws IOException {
    if (!answered && !response.isCommitted()) {
      text(404, "not found\n");
    }
    out.close();
    // A client told to wait for 100-continue has sent nothing, and must not be asked to now.
    if (in != null || header("Expect").isEmpty()) {
      drain();
    }
  }

  private void drain() {
    try {
      byte[] buffer = new byte[4 << 10];
      long left = DRAIN_BYTES_MAX;
      for (int n = in().read(buffer); n >= 0 && left > 0; n = in().read(buffer)) {
        left -= n;
      }
    } catch (IOException e) {
      // The client gave up sending; it has its answer.
    }
  }

  @Override
  public TakenOver takeOver(int status) throws IOException {
    if (request.getConnectionMetaData().getHttpVersion().getVersion() != 11) {
      throw EsteiraException.invalid("only an HTTP/1.1 connection can be taken over");
    }
    in().skip(Long.MAX_VALUE);
    TakenOverConnection connection = new TakenOverConnection(endPoint(), registry);
    response.setStatus(status);
    boolean switching = status == 101;
    if (!switching) {
      // Without it an answer of no stated length would be sent in chunks.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
    try (Blocker.Callback sent = Blocker.callback()) {
      response.write(switching, ByteBuffer.allocate(0), sent);
      sent.block();
    }
    takenOver = true;
    callback.succeeded();
    connection.awaitOpen();
    return connection;
  }
}
