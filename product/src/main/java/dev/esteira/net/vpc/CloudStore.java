package dev.esteira.net.vpc;

import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The cloud in the ledger: one object for each resource. Changes come one after another; each is
 * durable when {@link #change} returns. Thread-safe.
 */
final class CloudStore {
  /** One kind of resource: its kind in the ledger, its type, and where a cloud has it. */
  private record Kind<T>(String name, Class<T> type, Function<Cloud, Map<String, T>> in) {
    Map<String, T> read(Ledger ledger) {
      Map<String, T> all = new LinkedHashMap<>();
      ledger.list(name, "").forEach(s -> all.put(s.key(), Json.read(s.body(), type)));
      return all;
    }

    void write(Ledger.Transaction tx, Cloud before, Cloud after) {
      Map<String, T> old = in.apply(before);
      Map<String, T> next = in.apply(after);
      next.forEach((id, value) -> {
        if (!value.equals(old.get(id))) {
          tx.put(name, id, Json.write(value));
        }
      });
      old.keySet().stream().filter(id -> !next.containsKey(id)).forEach(id -> tx.delete(name, id));
    }
  }

  private static final Kind<Vpc> VPCS = new Kind<>("vpc.vpc", Vpc.class, Cloud::vpcs);
  private static final Kind<Subnet> SUBNETS =
      new Kind<>("vpc.subnet", Subnet.class, Cloud::subnets);
  private static final Kind<InternetGateway> GATEWAYS =
      new Kind<>("vpc.gateway", InternetGateway.class, Cloud::gateways);
  private static final Kind<NatGateway> NATS = new Kind<>("vpc.nat", NatGateway.class, Cloud::nats);
  private static final Kind<RouteTable> ROUTE_TABLES =
      new Kind<>("vpc.routes", RouteTable.class, Cloud::routeTables);
  private static final Kind<SecurityGroup> GROUPS =
      new Kind<>("vpc.group", SecurityGroup.class, Cloud::groups);
  private static final Kind<NetworkAcl> ACLS = new Kind<>("vpc.acl", NetworkAcl.class, Cloud::acls);
  private static final Kind<NetworkInterface> INTERFACES =
      new Kind<>("vpc.interface", NetworkInterface.class, Cloud::interfaces);
  private static final Kind<Cloud.Binding> BINDINGS =
      new Kind<>("vpc.binding", Cloud.Binding.class, Cloud::bindings);
  private static final Kind<Cloud.Admission> ADMISSIONS =
      new Kind<>("vpc.admission", Cloud.Admission.class, Cloud::admissions);

  private final Ledger ledger;
  private volatile Cloud now;
  private volatile BiConsumer<Cloud, Cloud> listener = (_, _) -> {};

  CloudStore(Ledger ledger) {
    this.ledger = ledger;
    this.now =
        new Cloud(
            VPCS.read(ledger),
            SUBNETS.read(ledger),
            GATEWAYS.read(ledger),
            NATS.read(ledger),
            ROUTE_TABLES.read(ledger),
            GROUPS.read(ledger),
            ACLS.read(ledger),
            INTERFACES.read(ledger),
            BINDINGS.read(ledger),
            ADMISSIONS.read(ledger));
  }

  Cloud now() {
    return now;
  }

  /** Hears of each change after it is durable, in order, with the cloud before and after. */
  void onChange(BiConsumer<Cloud, Cloud> next) {
    this.listener = next;
  }

  /** Carries out a change; a {@link CloudRefusal} leaves everything as it was. */
  synchronized <T> T change(Function<Draft, T> change) {
    Cloud before = now;
    Draft draft = new Draft(before);
    T result = change.apply(draft);
    Cloud after = draft.cloud();
    if (!after.equals(before)) {
      ledger.write(tx -> {
        write(tx, before, after);
        return after;
      });
      now = after;
      listener.accept(before, after);
    }
    return result;
  }

  private static void write(Ledger.Transaction tx, Cloud before, Cloud after) {
    VPCS.write(tx, before, after);
    SUBNETS.write(tx, before, after);
    GATEWAYS.write(tx, before, after);
    NATS.write(tx, before, after);
    ROUTE_TABLES.write(tx, before, after);
    GROUPS.write(tx, before, after);
    ACLS.write(tx, before, after);
    INTERFACES.write(tx, before, after);
    BINDINGS.write(tx, before, after);
    ADMISSIONS.write(tx, before, after);
  }
}
