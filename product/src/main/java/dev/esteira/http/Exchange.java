package dev.esteira.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request and its answer. Not thread-safe, except that {@link #out} may be handed over.
 */
public interface Exchange {
  /** An exchange whose connection was taken over: raw bytes both ways from now on. */
  interface TakenOver extends AutoCloseable {
    /** Bytes from the client, those that came with the request's head first. */
    InputStream in();

    /** Bytes to the client; each write reaches the socket. */
    OutputStream out();

    /** Says that no more bytes will come (half close), where the transport can. */
    void closeOutput() throws IOException;

    @Override
    void close();
  }

  String method();

  /** The path, percent-decoded once, without the query. Always starts with a slash. */
  String path();

  /** The path as the client sent it, without the query. */
  String rawPath();

  /** The query as the client sent it, or empty. */
  String rawQuery();

  /** All query parameters, decoded, in order. */
  Map<String, List<String>> query();

  /** The first value of a query parameter. */
  Optional<String> query(String name);

  /** A part of the path that the route's pattern named. */
  String pathParameter(String name);

  Optional<String> header(String name);

  List<String> headers(String name);

  /** All header names and values in order. */
  List<Map.Entry<String, String>> headers();

  /** The host and port that the client asked for ({@code Host} or {@code :authority}). */
  String host();

  boolean secure();

  /** Who sent it. A unix socket has no address: then empty. */
  Optional<InetSocketAddress> remote();

  /** The certificates that the client proved to hold, its own first; empty without mutual TLS. */
  default List<X509Certificate> clientCertificates() {
    return List.of();
  }

  /** Where it arrived. A unix socket has no address: then empty. */
  Optional<InetSocketAddress> local();

  /** The body; unbounded, so readers state their own limit. */
  InputStream in();

  /** Reads the whole body; more than {@code bytesMax} is a {@code LIMIT} failure. */
  byte[] body(int bytesMax);

  /** Sets the status; before the first byte of the body. */
  Exchange status(int status);

  /** Sets a header of the answer. */
  Exchange set(String name, String value);

  /** Adds a header of the answer. */
  Exchange add(String name, String value);

  /** The answer's body, streamed: chunked unless Content-Length was set. Flush to send at once. */
  OutputStream out();

  /** Whether the status line has been sent. */
  boolean committed();

  void send(int status, String contentType, byte[] body) throws IOException;

  /** JSON of a record, node, map or list. */
  void json(int status, Object body) throws IOException;

  void text(int status, String body) throws IOException;

  /**
   * Answers 101 (or {@code status}, such as Docker's 200 for a hijack without Upgrade) with the
   * headers set so far and takes over the connection. No idle limit holds on it any more; the
   * server closes it at shutdown. HTTP/1.1 only.
   */
  TakenOver takeOver(int status) throws IOException;
}
