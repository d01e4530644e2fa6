package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.base.SecretBox;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Listeners.Listener;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.StateJson;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the ledger knows of listeners and certificates. */
final class ListenerTables {
  private static final String LISTENER = "edge-listener";
  private static final String CERTIFICATE = "edge-certificate";

  /** A listener, and the door for encryption that it has, -1 for none. */
  record ListenerRow(Listener listener, int door) {}

  /** A certificate: chain and key, PEM; sealed in the ledger. */
  record Certificate(String name, String pem) {}

  private final Ledger ledger;
  private final SecretBox box;

  ListenerTables(Ledger ledger, SecretBox box) {
    this.ledger = ledger;
    this.box = box;
  }

  List<ListenerRow> all() {
    return ledger.list(LISTENER, "").stream()
        .map(each -> StateJson.read(each.body(), ListenerRow.class))
        .toList();
  }

  Map<String, Certificate> certificates() {
    Map<String, Certificate> all = new TreeMap<>();
    ledger
        .list(CERTIFICATE, "")
        .forEach(each -> all.put(each.key(), opened(Json.read(each.body(), Certificate.class))));
    return all;
  }

  /** The row that was there before. */
  Optional<ListenerRow> put(Listener listener) {
    return ledger.write(tx -> {
      List<ListenerRow> rows = rows(tx);
      rows.forEach(row -> checkFree(listener, row.listener()));
      for (String certificate : listener.certificates()) {
        if (tx.get(CERTIFICATE, certificate).isEmpty()) {
          throw EsteiraException.notFound("there is no certificate '" + certificate + "'");
        }
      }
      Optional<ListenerRow> before =
          rows.stream().filter(row -> row.listener().id().equals(listener.id())).findFirst();
      write(tx, new ListenerRow(listener, door(listener, before, rows)));
      return before;
    });
  }

  void restore(ListenerRow row) {
    ledger.write(tx -> {
      write(tx, row);
      return true;
    });
  }

  private static void write(Transaction tx, ListenerRow row) {
    tx.put(LISTENER, row.listener().id(), StateJson.write(row));
  }

  private static int door(Listener listener, Optional<ListenerRow> before, List<ListenerRow> rows) {
    if (!listener.protocol().encrypted()) {
      return -1;
    }
    Mode mode = listener.protocol().mode();
    if (before.isPresent() && TlsDoors.holds(mode, before.get().door())) {
      return before.get().door();
    }
    Set<Integer> taken = new HashSet<>();
    rows.forEach(row -> taken.add(row.door()));
    return TlsDoors.free(mode, taken);
  }

  private static void checkFree(Listener wanted, Listener other) {
    if (!other.id().equals(wanted.id())
        && other.port() == wanted.port()
        && other.address().equals(wanted.address())) {
      throw EsteiraException.conflict(
          "%s:%d belongs to the listener '%s' already"
              .formatted(wanted.address(), wanted.port(), other.id()));
    }
  }

  void remove(String id) {
    ledger.write(tx -> tx.delete(LISTENER, id));
  }

  private Certificate sealed(Certificate plain) {
    return new Certificate(plain.name(), box.seal(plain.pem()));
  }

  private Certificate opened(Certificate kept) {
    return new Certificate(kept.name(), box.open(kept.pem()));
  }

  void putCertificate(Certificate certificate) {
    ledger.write(tx -> {
      tx.put(CERTIFICATE, certificate.name(), Json.write(sealed(certificate)));
      return true;
    });
  }

  void removeCertificate(String name) {
    ledger.write(tx -> {
      for (ListenerRow row : rows(tx)) {
        if (row.listener().certificates().contains(name)) {
          throw EsteiraException.conflict(
              "the certificate '%s' is used by the listener '%s'"
                  .formatted(name, row.listener().id()));
        }
      }
      return tx.delete(CERTIFICATE, name);
    });
  }

  private static List<ListenerRow> rows(Transaction tx) {
    return tx.list(LISTENER, "").stream()
        .map(each -> StateJson.read(each.body(), ListenerRow.class))
        .toList();
  }
}
