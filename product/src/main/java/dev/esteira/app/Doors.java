package dev.esteira.app;

import dev.esteira.git.Repositories;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import dev.esteira.http.HttpServer;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.names.NameServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Opens every door on the house address, and on loopback those that a person uses. */
final class Doors {
  private final Foundation base;
  private final Parts parts;
  private final Ports ports;

  Doors(Foundation base, Parts parts) {
    this.base = base;
    this.parts = parts;
    this.ports = base.addresses().ports();
  }

  void open(
      Handler console,
      Handler git,
      Handler registry,
      Handler aws,
      Handler cluster,
      Handler downloads,
      NameServer.ClusterNames names) {
    plain("console", exchange -> consoleOrGit(exchange, console, git), ports.console());
    plain("registry", registry, ports.registry());
    plain("aws", aws, ports.aws());
    HttpServer kubernetes = parts.add(new JettyHttpServer("kubernetes", cluster));
    for (InetAddress address : List.of(house(), InetAddress.getLoopbackAddress())) {
      kubernetes.listenMutualTls(
          new InetSocketAddress(address, ports.kubernetes()), base.authority()::serverContext);
    }
    RealNameDoor byName = new RealNameDoor(registry, git, aws, console, downloads);
    HttpServer tls = parts.add(new JettyHttpServer("real-names", byName));
    tls.listenTls(
        new InetSocketAddress(house(), ports.tlsByName()), base.authority()::serverContext);
    tls.listen(new InetSocketAddress(house(), ports.plainByName()));
    parts
        .add(new NameServer(base.addresses().house(), names))
        .listen(new InetSocketAddress(house(), ports.dns()));
    base.networks().redirect("tcp", 443, ports.tlsByName());
    base.networks().redirect("tcp", 80, ports.plainByName());
    base.networks().redirect("udp", 53, ports.dns());
    base.networks().redirect("tcp", 53, ports.dns());
    base.networks()
        .doors(List.of(ports.console(), ports.registry(), ports.aws(), ports.kubernetes()));
  }

  private void plain(String name, Handler handler, int port) {
    HttpServer server = parts.add(new JettyHttpServer(name, handler));
    server.listen(new InetSocketAddress(house(), port));
    server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static void consoleOrGit(Exchange exchange, Handler console, Handler git)
      throws Exception {
    String path = exchange.path();
    if (path.startsWith("/git/") || path.startsWith("/v1/repos/") || Repositories.serves(path)) {
      git.handle(exchange);
    } else {
      console.handle(exchange);
    }
  }

  private InetAddress house() {
    try {
      return InetAddress.getByName(base.addresses().house());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the house address is a literal", e);
    }
  }
}
