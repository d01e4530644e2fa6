package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Service;
import dev.esteira.edge.Edge.Target;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Stored;
import dev.esteira.store.Ledger.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the ledger knows of services, targets and ports. */
final class EdgeTables {
  private static final String SERVICE = "edge-service";
  private static final String TARGET = "edge-target";
  private static final String PORTS = "edge-ports";

  /** A service and the slot that it has among those of its mode. */
  record ServiceRow(Service service, int slot) {
    String backend() {
      return HaproxyConfig.backend(service.mode(), slot);
    }
  }

  /** A target, and whether it is to receive nothing new. */
  record TargetRow(Target target, boolean draining) {}

  /** The frontends' ports on the house address. */
  record Ports(int http, int tcp) {
    /** A door for encryption; these follow at a distance. */
    int door(int number) {
      return http + 1_000 + number;
    }

    int of(Mode mode) {
      return switch (mode) {
        case HTTP -> http;
        case TCP -> tcp;
      };
    }
  }

  /** A service with its targets. */
  record Wanted(ServiceRow row, List<TargetRow> targets) {
    Wanted {
      targets = List.copyOf(targets);
    }
  }

  private final Ledger ledger;

  EdgeTables(Ledger ledger) {
    this.ledger = ledger;
  }

  List<Wanted> all() {
    Map<String, List<TargetRow>> targets = new HashMap<>();
    for (Stored each : ledger.list(TARGET, "")) {
      String service = each.key().substring(0, each.key().indexOf('#'));
      targets.computeIfAbsent(service, id -> new ArrayList<>()).add(target(each));
    }
    return ledger.list(SERVICE, "").stream()
        .map(EdgeTables::service)
        .map(row -> new Wanted(row, targets.getOrDefault(row.service().id(), List.of())))
        .toList();
  }

  Optional<Wanted> one(String serviceId) {
    return ledger
        .get(SERVICE, serviceId)
        .map(stored -> {
          List<TargetRow> targets =
              ledger.list(TARGET, serviceId + "#").stream().map(EdgeTables::target).toList();
          return new Wanted(service(stored), targets);
        });
  }

  /** Records the service in the slot that it has, or in a free one. */
  void put(Service service) {
    ledger.write(tx -> {
      List<ServiceRow> rows = tx.list(SERVICE, "").stream().map(EdgeTables::service).toList();
      rows.forEach(row -> checkFree(service, row.service()));
      int slot =
          rows.stream()
              .filter(row -> row.service().id().equals(service.id()))
              .filter(row -> row.service().mode() == service.mode())
              .map(ServiceRow::slot)
              .filter(Slots.of(service)::holds)
              .findFirst()
              .orElseGet(() -> Slots.of(service).free(service.mode(), taken(service, rows)));
      tx.put(SERVICE, service.id(), Json.write(new ServiceRow(service, slot)));
      return true;
    });
  }

  private static Set<Integer> taken(Service service, List<ServiceRow> rows) {
    Set<Integer> taken = new HashSet<>();
    rows.stream()
        .filter(row -> row.service().mode() == service.mode())
        .forEach(row -> taken.add(row.slot()));
    return taken;
  }

  private static void checkFree(Service wanted, Service other) {
    if (other.port() != wanted.port() || other.id().equals(wanted.id())) {
      return;
    }
    for (String address : wanted.addresses()) {
      if (other.addresses().contains(address)) {
        throw EsteiraException.conflict(
            "the address %s:%d of '%s' belongs to '%s' already"
                .formatted(address, wanted.port(), wanted.id(), other.id()));
      }
    }
  }

  void remove(String serviceId) {
    ledger.write(tx -> {
      tx.list(TARGET, serviceId + "#").forEach(each -> tx.delete(TARGET, each.key()));
      return tx.delete(SERVICE, serviceId);
    });
  }

  void add(String serviceId, Target target) {
    ledger.write(tx -> {
      if (tx.get(SERVICE, serviceId).isEmpty()) {
        throw EsteiraException.notFound(
            "cannot add the target '%s': there is no service '%s'"
                .formatted(target.id(), serviceId));
      }
      put(tx, serviceId, new TargetRow(target, false));
      return true;
    });
  }

  /** Whether there is such a target. */
  boolean drain(String serviceId, String targetId) {
    return ledger.write(tx -> {
      Optional<TargetRow> row = tx.get(TARGET, key(serviceId, targetId)).map(EdgeTables::target);
      row.ifPresent(each -> put(tx, serviceId, new TargetRow(each.target(), true)));
      return row.isPresent();
    });
  }

  void drop(String serviceId, String targetId) {
    ledger.write(tx -> tx.delete(TARGET, key(serviceId, targetId)));
  }

  Optional<Ports> ports() {
    return ledger.get(PORTS, "").map(stored -> Json.read(stored.body(), Ports.class));
  }

  void setPorts(Ports ports) {
    if (ports().equals(Optional.of(ports))) {
      return;
    }
    ledger.write(tx -> {
      tx.put(PORTS, "", Json.write(ports));
      return true;
    });
  }

  private static void put(Transaction tx, String serviceId, TargetRow row) {
    tx.put(TARGET, key(serviceId, row.target().id()), Json.write(row));
  }

  private static String key(String serviceId, String targetId) {
    return serviceId + "#" + targetId;
  }

  private static ServiceRow service(Stored stored) {
    return Json.read(stored.body(), ServiceRow.class);
  }

  private static TargetRow target(Stored stored) {
    return Json.read(stored.body(), TargetRow.class);
  }
}
