package dev.esteira.proxy;

import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import dev.esteira.http.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Function;

/**
 * An owner's Docker API on tcp, as {@code docker:dind} has it: 2375 in plain text, 2376 with TLS
 * for clients whose certificate is the owner's. The host's own address is not the owner's, nor is
 * any outside its subnet.
 */
final class TcpDoor implements AutoCloseable {
  static final int PLAIN_PORT = 2375;
  static final int TLS_PORT = 2376;

  private final HttpServer server;
  private final EngineProxy.Tcp tcp;
  private final String owner;
  private final Handler door;

  TcpDoor(Function<Handler, HttpServer> servers, EngineProxy.Tcp tcp, String owner, Handler door) {
    this.tcp = tcp;
    this.owner = owner;
    this.door = door;
    this.server = servers.apply(this::handle);
    try {
      InetAddress address = InetAddress.getByName(tcp.address());
      server.listen(new InetSocketAddress(address, PLAIN_PORT));
      server.listenMutualTls(
          new InetSocketAddress(address, TLS_PORT), tcp.authority()::serverContext);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + tcp.address() + "' is no address", e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  EngineProxy.Tcp tcp() {
    return tcp;
  }

  private void handle(Exchange exchange) throws Exception {
    Optional<String> refusal = refusal(exchange);
    if (refusal.isPresent()) {
      exchange.json(403, Json.object().put("message", refusal.get()));
      return;
    }
    door.handle(exchange);
  }

  private Optional<String> refusal(Exchange exchange) {
    String from =
        exchange.remote().map(remote -> remote.getAddress().getHostAddress()).orElse("nowhere");
    if (from.equals(tcp.address()) || !Subnets.contains(tcp.subnet(), from)) {
      return Optional.of("this Docker API does not answer " + from);
    }
    boolean isKnown =
        !exchange.secure()
            || exchange.clientCertificates().stream()
                .findFirst()
                .flatMap(tcp.authority()::verifyClient)
                .filter(owner::equals)
                .isPresent();
    return isKnown
        ? Optional.empty()
        : Optional.of(
            "port "
                + TLS_PORT
                + " needs the client certificate of this job: DOCKER_CERT_PATH=/certs/client");
  }

  @Override
  public void close() {
    server.close();
  }
}
