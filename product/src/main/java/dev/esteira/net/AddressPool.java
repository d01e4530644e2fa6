package dev.esteira.net;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Addresses of the house range and who holds them, in the ledger. One that was released is given
 * again only when all others have been, so that nobody meets connections meant for another.
 */
final class AddressPool {
  private static final String HOLDERS = "net.holder";
  private static final String ADDRESSES = "net.address";
  private static final String POOL = "pool/";
  private static final String CLUSTER = "cluster/";

  private final AddressPlan plan;
  private final Ledger ledger;

  AddressPool(AddressPlan plan, Ledger ledger) {
    this.plan = plan;
    this.ledger = ledger;
  }

  String takePool(String holder) {
    return ledger.write(tx -> {
      Optional<Ledger.Stored> has = tx.get(HOLDERS, POOL + holder);
      return has.isPresent()
          ? has.get().body()
          : next(tx, POOL + holder, AddressPlan.POOL_SIZE, plan::poolAddress);
    });
  }

  String takeCluster(String holder, Optional<String> wanted) {
    return ledger.write(tx -> {
      String key = CLUSTER + holder;
      Optional<String> has = tx.get(HOLDERS, key).map(Ledger.Stored::body);
      if (wanted.isEmpty()) {
        return has.orElseGet(() -> next(tx, key, AddressPlan.CLUSTER_SIZE, plan::clusterAddress));
      }
      if (!has.equals(wanted)) {
        takeWanted(tx, key, wanted.get());
        has.ifPresent(old -> tx.delete(ADDRESSES, old));
      }
      return wanted.get();
    });
  }

  private void takeWanted(Ledger.Transaction tx, String key, String wanted) {
    if (!plan.isClusterAddress(AddressPlan.parse(wanted))) {
      throw EsteiraException.invalid(
          "'"
              + wanted
              + "' is no ClusterIP: they are "
              + AddressPlan.text(plan.clusterAddress(0))
              + " to "
              + AddressPlan.text(plan.clusterAddress(AddressPlan.CLUSTER_SIZE - 1)));
    }
    tx.get(ADDRESSES, wanted)
        .ifPresent(other -> {
          throw EsteiraException.conflict("'" + wanted + "' belongs to " + other.body());
        });
    record(tx, key, wanted);
  }

  void release(String holder) {
    ledger.write(tx -> {
      boolean pool = release(tx, POOL + holder);
      return release(tx, CLUSTER + holder) || pool;
    });
  }

  private static boolean release(Ledger.Transaction tx, String key) {
    Optional<Ledger.Stored> has = tx.get(HOLDERS, key);
    has.ifPresent(address -> tx.delete(ADDRESSES, address.body()));
    return tx.delete(HOLDERS, key);
  }

  private static String next(
      Ledger.Transaction tx, String key, int size, IntUnaryOperator addresses) {
    String sequence = "net.address." + key.substring(0, key.indexOf('/'));
    for (int i = 0; i < size; i++) {
      int index = (int) ((tx.next(sequence) - 1) % size);
      String address = AddressPlan.text(addresses.applyAsInt(index));
      if (tx.get(ADDRESSES, address).isEmpty()) {
        record(tx, key, address);
        return address;
      }
    }
    throw EsteiraException.limit("all " + size + " addresses are taken; " + key + " gets none");
  }

  private static void record(Ledger.Transaction tx, String key, String address) {
    tx.put(HOLDERS, key, address);
    tx.put(ADDRESSES, address, key);
  }
}
