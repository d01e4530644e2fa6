package dev.esteira.proxy;

import dev.esteira.base.EsteiraException;
import dev.esteira.names.CertificateAuthority;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Gives each owner a Docker Engine API of its own, that sees only what the owner made. Durable: an
 * owner opened before a restart is opened again by {@link #open} and finds its things.
 */
public interface EngineProxy {
  /**
   * What an owner is.
   *
   * @param owner {@code job/ID}, {@code instance/ID} …; unique for all time
   * @param socketDirectory the directory in which {@code docker.sock} is made
   * @param network the engine network that the owner's containers join
   * @param binds where host paths appear inside the owner's sandbox: only these can be bind-mounted
   * @param dns the name server for the owner's containers
   * @param cgroupParent the cgroup under which its containers and builds run
   */
  record Owner(
      String owner,
      Path socketDirectory,
      String network,
      List<Bind> binds,
      String dns,
      Optional<String> cgroupParent) {}

  /** {@code inside} in the sandbox is {@code host} on the host. */
  record Bind(String inside, Path host) {}

  /**
   * Where an owner's API answers on tcp, ports 2375 and 2376.
   *
   * @param address on the owner's bridge
   * @param subnet whose other addresses are the owner's, in CIDR form
   * @param authority signs the server's certificate and, with the owner as name, its clients'
   */
  record Tcp(String address, String subnet, CertificateAuthority authority) {}

  /** Opens the owner's socket; the same again is fine. */
  void open(Owner owner);

  /**
   * Lets an open owner's API answer on tcp too, until it is closed; the same again is fine. Not
   * durable: a new process is told again.
   */
  default void listen(String owner, Tcp tcp) {
    throw EsteiraException.unavailable("this engine proxy has no tcp doors", null);
  }

  /**
   * Who hears which tcp ports an owner's containers publish, all of them each time that changes,
   * before the client that changed it hears of its success.
   */
  interface PublishListener {
    void published(String owner, List<Integer> ports);
  }

  /** The one listener; a new one takes the place of the old one. */
  default void onPublish(PublishListener listener) {}

  /**
   * Keeps the names of an open owner's images for owners to come, under a place of that name:
   * lower-case letters and digits, such as the id of a run. Durable; old places are forgotten.
   */
  default void keep(String owner, String place) {}

  /** Gives an open owner the images that were {@link #keep kept} there; what it has stays. */
  default void take(String place, String owner) {}

  /** Closes the socket and removes the owner's containers, networks, volumes and local tags. */
  void close(String owner);

  /** Owners that are open. */
  List<String> owners();
}
