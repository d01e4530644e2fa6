package dev.esteira.http;

import dev.esteira.base.Commands;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Servers of a test, which end with it, and the client that asks them. */
final class TestingServers implements AfterEachCallback {
  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final List<JettyHttpServer> servers = new ArrayList<>();

  @Override
  public void afterEach(ExtensionContext context) {
    servers.forEach(JettyHttpServer::close);
  }

  JettyHttpServer server(Handler handler) {
    return server(handler, Limits.DEFAULT);
  }

  JettyHttpServer server(Handler handler, Limits limits) {
    JettyHttpServer server = new JettyHttpServer("test", handler, limits);
    servers.add(server);
    return server;
  }

  static String curl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*"));
    command.addAll(List.of(arguments));
    return Commands.run(Duration.ofSeconds(60), "", command).output();
  }

  static String url(int port, String path) {
    return "http://127.0.0.1:" + port + path;
  }
}
