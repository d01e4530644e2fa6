package dev.esteira.http;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.SocketPaths;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/**
 * {@link HttpServer} on Jetty's core. All servers of the process share threads, timers and buffers.
 */
public final class JettyHttpServer implements HttpServer {
  private static final Logger LOG = Logger.getLogger(JettyHttpServer.class.getName());
  private static final long CLOSE_MILLIS_MAX = 2_000;
  private static final long DRAIN_MINUTES_MAX = 60;

  private final String name;
  private final Server server;
  private final Bridge bridge;
  private final Connectors connectors;
  private final Map<Path, UnixDomainServerConnector> sockets = new ConcurrentHashMap<>();
  private final List<AbstractConnector> all = new CopyOnWriteArrayList<>();

  /** {@code name} appears in the names of threads and in logs. */
  public JettyHttpServer(String name, Handler handler) {
    this(name, handler, Limits.DEFAULT);
  }

  JettyHttpServer(String name, Handler handler, Limits limits) {
    this.name = name;
    this.server = new Server(Shared.POOL, Shared.SCHEDULER, Shared.BUFFERS);
    this.bridge = new Bridge(name, handler, limits);
    this.connectors = new Connectors(server, limits);
    server.setHandler(bridge);
    server.setErrorHandler(new PlainErrors());
    server.setStopTimeout(0);
    attempt("start the server " + name, server::start);
  }

  @Override
  public int listen(InetSocketAddress address) {
    return open(connectors.plain(address), address);
  }

  @Override
  public int listenTls(InetSocketAddress address, Function<String, SSLContext> bySni) {
    return open(connectors.tls(address, bySni, false), address);
  }

  @Override
  public int listenMutualTls(InetSocketAddress address, Function<String, SSLContext> bySni) {
    return open(connectors.tls(address, bySni, true), address);
  }

  @Override
  public void listenUnix(Path socket) {
    UnixDomainServerConnector connector = connectors.unix(SocketPaths.reachable(socket));
    attempt(
        "listen on " + socket,
        () -> {
          Files.deleteIfExists(socket);
          server.addConnector(connector);
          connector.start();
          Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        });
    all.add(connector);
    sockets.put(socket, connector);
  }

  @Override
  public void unlistenUnix(Path socket) {
    UnixDomainServerConnector connector = sockets.remove(socket);
    if (connector == null) {
      return;
    }
    attempt("remove " + socket, () -> Files.deleteIfExists(socket));
    // Jetty deletes the path when the connector stops, which may be after a new one listens there.
    connector.setUnixDomainPath(socket.resolveSibling(socket.getFileName() + ".gone"));
    SocketPaths.forget(socket);
    retire(connector);
  }

  /** Takes no new connections, and stops the connector when the open ones have ended. */
  private void retire(AbstractConnector connector) {
    connector.setShutdownIdleTimeout(-1);
    var _ =
        connector
            .shutdown()
            .orTimeout(DRAIN_MINUTES_MAX, TimeUnit.MINUTES)
            .whenComplete((done, failure) -> Thread.ofVirtual().start(() -> stop(connector)));
  }

  @Override
  public void unlisten(InetSocketAddress address) {
    for (AbstractConnector connector : all) {
      if (connector instanceof ServerConnector tcp
          && address.getPort() == tcp.getLocalPort()
          && address.getAddress().getHostAddress().equals(tcp.getHost())) {
        tcp.close();
        retire(tcp);
      }
    }
  }

  @Override
  public void close() {
    for (AbstractConnector connector : all) {
      if (connector instanceof ServerConnector tcp) {
        tcp.close();
      } else {
        connector.setAccepting(false);
      }
    }
    bridge.close(Duration.ofMillis(CLOSE_MILLIS_MAX));
    all.forEach(this::stop);
    sockets.keySet().forEach(this::unlistenUnix);
    attempt("stop the server " + name, server::stop);
  }

  private int open(ServerConnector connector, InetSocketAddress address) {
    attempt(
        "listen on " + address,
        () -> {
          server.addConnector(connector);
          connector.start();
        });
    all.add(connector);
    return connector.getLocalPort();
  }

  private void stop(AbstractConnector connector) {
    all.remove(connector);
    try {
      connector.stop();
      server.removeConnector(connector);
    } catch (Exception e) {
      LOG.log(Level.WARNING, "could not stop a listener of " + name, e);
    }
  }

  @FunctionalInterface
  private interface Action {
    void run() throws Exception;
  }

  private static void attempt(String what, Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw EsteiraException.unavailable("could not " + what + ": " + e.getMessage(), e);
    } catch (Exception e) {
      throw EsteiraException.internal("could not " + what + ": " + e.getMessage(), e);
    }
  }
}
