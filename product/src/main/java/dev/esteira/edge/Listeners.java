package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import java.util.List;

/**
 * Listeners with rules, on the same HAProxy as {@link Edge}'s services: a service without addresses
 * is a group of targets that listeners send to. Every call is durable and idempotent, and acts
 * without a reload.
 */
public interface Listeners {
  /** What clients speak. Of HTTPS and TLS, HAProxy ends the encryption. */
  enum Protocol {
    HTTP,
    HTTPS,
    TCP,
    TLS;

    public boolean encrypted() {
      return this == HTTPS || this == TLS;
    }

    Edge.Mode mode() {
      return switch (this) {
        case HTTP, HTTPS -> Edge.Mode.HTTP;
        case TCP, TLS -> Edge.Mode.TCP;
      };
    }
  }

  /**
   * A door.
   *
   * @param routing for TCP and TLS one rule without conditions that forwards to one service
   * @param certificates names given to {@link #putCertificate}, when encrypted: the first answers
   *     clients that ask for no name or for one that no other has
   */
  record Listener(
      String id,
      String address,
      int port,
      Protocol protocol,
      Routing routing,
      List<String> certificates) {
    public Listener {
      EdgeRules.checkId("listener", id);
      EdgeRules.checkAddress(address);
      EdgeRules.checkPort(port);
      certificates = List.copyOf(certificates);
      if (protocol.encrypted() == certificates.isEmpty()) {
        throw EsteiraException.invalid(
            "the listener '%s' for %s has %d certificates"
                .formatted(id, protocol, certificates.size()));
      }
      if (protocol.mode() == Edge.Mode.TCP && routing.only().isEmpty()) {
        throw EsteiraException.invalid(
            "the listener '" + id + "' for " + protocol + " must forward all to one service");
      }
    }
  }

  /**
   * Makes or changes a listener. {@code CONFLICT} when another has its address and port, {@code
   * LIMIT} when all doors for encryption are taken, {@code NOT_FOUND} for an unknown certificate.
   */
  void putListener(Listener listener);

  void removeListener(String id);

  List<Listener> listeners();

  /** Keeps a certificate: its chain, then its key, PEM. The same name again replaces it. */
  void putCertificate(String name, String pem);

  /** {@code CONFLICT} when a listener has it. */
  void removeCertificate(String name);
}
