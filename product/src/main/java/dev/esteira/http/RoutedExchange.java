package dev.esteira.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An exchange with the path parameters of the route that took it. */
record RoutedExchange(Exchange exchange, Map<String, String> parameters) implements Exchange {
  RoutedExchange {
    parameters = Map.copyOf(parameters);
  }

  @Override
  public String pathParameter(String name) {
    String value = parameters.get(name);
    return value == null ? exchange.pathParameter(name) : value;
  }

  @Override
  public String method() {
    return exchange.method();
  }

  @Override
  public String path() {
    return exchange.path();
  }

  @Override
  public String rawPath() {
    return exchange.rawPath();
  }

  @Override
  public String rawQuery() {
    return exchange.rawQuery();
  }

  @Override
  public Map<String, List<String>> query() {
    return exchange.query();
  }

  @Override
  public Optional<String> query(String name) {
    return exchange.query(name);
  }

  @Override
  public Optional<String> header(String name) {
    return exchange.header(name);
  }

  @Override
  public List<String> headers(String name) {
    return exchange.headers(name);
  }

  @Override
  public List<Map.Entry<String, String>> headers() {
    return exchange.headers();
  }

  @Override
  public String host() {
    return exchange.host();
  }

  @Override
  public boolean secure() {
    return exchange.secure();
  }

  @Override
  public Optional<InetSocketAddress> remote() {
    return exchange.remote();
  }

  @Override
  public List<X509Certificate> clientCertificates() {
    return exchange.clientCertificates();
  }

  @Override
  public Optional<InetSocketAddress> local() {
    return exchange.local();
  }

  @Override
  public InputStream in() {
    return exchange.in();
  }

  @Override
  public byte[] body(int bytesMax) {
    return exchange.body(bytesMax);
  }

  @Override
  public OutputStream out() {
    return exchange.out();
  }

  @Override
  public boolean committed() {
    return exchange.committed();
  }

  @Override
  public Exchange status(int status) {
    exchange.status(status);
    return this;
  }

  @Override
  public Exchange set(String name, String value) {
    exchange.set(name, value);
    return this;
  }

  @Override
  public Exchange add(String name, String value) {
    exchange.add(name, value);
    return this;
  }

  @Override
  public void send(int status, String contentType, byte[] body) throws IOException {
    exchange.send(status, contentType, body);
  }

  @Override
  public void json(int status, Object body) throws IOException {
    exchange.json(status, body);
  }

  @Override
  public void text(int status, String body) throws IOException {
    exchange.text(status, body);
  }

  @Override
  public TakenOver takeOver(int status) throws IOException {
    return exchange.takeOver(status);
  }
}
