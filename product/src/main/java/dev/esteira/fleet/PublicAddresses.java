package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.store.Ledger;
import dev.esteira.store.StateJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses by which the outside knows instances: elastic ones, which stay when the instance
 * goes, and those that an instance was given for as long as it runs. Durable, thread-safe.
 *
 * <p>The ledger says what is bound; after each change and at each start the network follows it.
 */
public final class PublicAddresses {
  private static final String KIND = "public-address";
  private static final String GIVEN = "given-";

  /** An instance to which an address leads. */
  public record Association(String id, String instance) {}

  /** An address. {@code allocationId} of one that was given begins with {@code given-}. */
  public record Address(
      String allocationId,
      String address,
      Optional<Association> association,
      Map<String, String> tags) {
    public Address {
      tags = Map.copyOf(tags);
    }

    Address with(Optional<Association> now) {
      return new Address(allocationId, address, now, tags);
    }

    boolean leadsTo(String instance) {
      return association.map(a -> a.instance().equals(instance)).orElse(false);
    }

    boolean given() {
      return allocationId.startsWith(GIVEN);
    }
  }

  private final Ground ground;
  private final Ledger ledger;

  PublicAddresses(Ground ground) {
    this.ground = ground;
    this.ledger = ground.ledger();
  }

  private static Address read(Ledger.Stored stored) {
    return StateJson.read(stored.body(), Address.class);
  }

  private static void put(Ledger.Transaction tx, Address address) {
    tx.put(KIND, address.allocationId(), StateJson.write(address));
  }

  /** The elastic addresses. */
  public List<Address> elastic() {
    return everyone().stream().filter(a -> !a.given()).toList();
  }

  private List<Address> everyone() {
    return ledger.list(KIND, "").stream().map(PublicAddresses::read).toList();
  }

  public Optional<Address> byAllocation(String allocationId) {
    return ledger.get(KIND, allocationId).map(PublicAddresses::read).filter(a -> !a.given());
  }

  public Optional<Address> byAddress(String address) {
    return elastic().stream().filter(a -> a.address().equals(address)).findFirst();
  }

  /** What leads to the instance; an elastic address goes before one that was given. */
  public Optional<Address> of(String instance) {
    List<Address> found = everyone().stream().filter(a -> a.leadsTo(instance)).toList();
    return found.stream().filter(a -> !a.given()).findFirst().or(() -> found.stream().findFirst());
  }

  /** Takes an address from the pool. {@code LIMIT} when it is empty. */
  public Address allocate(Map<String, String> tags) {
    String id = "eipalloc-0" + Ids.hex(16);
    String address = ground.networks().takePoolAddress(poolHolder(id));
    Address allocated = new Address(id, address, Optional.empty(), tags);
    ledger.write(tx -> {
      put(tx, allocated);
      return true;
    });
    return allocated;
  }

  private static String poolHolder(String allocationId) {
    return "elastic/" + allocationId;
  }

  /** Leads the address to the instance, away from wherever it led; returns the association. */
  public String associate(String allocationId, String instance, boolean reassociate) {
    record Change(Address now, List<Address> before) {}
    Change change =
        ledger.write(tx -> {
          Address address =
              tx.get(KIND, allocationId)
                  .map(PublicAddresses::read)
                  .orElseThrow(
                      () -> EsteiraException.notFound("there is no address " + allocationId));
          if (address.leadsTo(instance)) {
            return new Change(address, List.of());
          }
          if (isOfNat(allocationId)) {
            throw EsteiraException.conflict(
                "resource " + allocationId + " is associated with a NAT gateway");
          }
          if (address.association().isPresent() && !reassociate) {
            throw EsteiraException.conflict(
                "resource "
                    + allocationId
                    + " is already associated with associate-id "
                    + address.association().get().id());
          }
          List<Address> before =
              tx.list(KIND, "").stream()
                  .map(PublicAddresses::read)
                  .filter(a -> a.leadsTo(instance))
                  .toList();
          before.forEach(a -> loosen(tx, a));
          Address now =
              address.with(Optional.of(new Association("eipassoc-0" + Ids.hex(16), instance)));
          put(tx, now);
          return new Change(now, before);
        });
    change.before().forEach(this::unbind);
    ground.vpcs().bind(change.now().address(), Life.holder(instance));
    return change.now().association().orElseThrow().id();
  }

  /** An elastic address leads nowhere from now on; a given one is given back. */
  private static void loosen(Ledger.Transaction tx, Address address) {
    if (address.given()) {
      tx.delete(KIND, address.allocationId());
    } else {
      put(tx, address.with(Optional.empty()));
    }
  }

  private void unbind(Address address) {
    ground.vpcs().unbind(address.address());
    if (address.given()) {
      ground.networks().releaseAddress(poolHolder(address.allocationId()));
    }
  }

  /** Whether it led anywhere. */
  public boolean disassociate(String associationId) {
    Optional<Address> found =
        elastic().stream()
            .filter(a -> a.association().map(b -> b.id().equals(associationId)).orElse(false))
            .findFirst();
    found.ifPresent(this::part);
    return found.isPresent();
  }

  private void part(Address address) {
    ledger.write(tx -> {
      loosen(tx, address);
      return true;
    });
    unbind(address);
  }

  private boolean isOfNat(String allocationId) {
    return ground.clouds().now().nats().values().stream().anyMatch(nat -> nat.holds(allocationId));
  }

  /** Gives it back to the pool. {@code CONFLICT} while it leads to an instance. */
  public void release(String allocationId) {
    ledger.write(tx -> {
      Optional<Address> address = tx.get(KIND, allocationId).map(PublicAddresses::read);
      if (address.flatMap(Address::association).isPresent() || isOfNat(allocationId)) {
        throw EsteiraException.conflict("the address of " + allocationId + " is in use");
      }
      return tx.delete(KIND, allocationId);
    });
    ground.networks().releaseAddress(poolHolder(allocationId));
  }

  /** Sets and removes tags. */
  public void tag(String allocationId, Map<String, String> set, List<String> removed) {
    ledger.write(tx -> {
      tx.get(KIND, allocationId)
          .map(PublicAddresses::read)
          .ifPresent(address -> {
            Map<String, String> tags = new HashMap<>(address.tags());
            removed.forEach(tags::remove);
            tags.putAll(set);
            put(
                tx,
                new Address(
                    address.allocationId(), address.address(), address.association(), tags));
          });
      return true;
    });
  }

  /** The instance runs: what should lead to it does, and one is given to it if it wants one. */
  void restore(Life life) {
    Optional<Address> known = of(life.id());
    if (known.isEmpty() && life.wantsAddress()) {
      String id = GIVEN + life.id();
      String address = ground.networks().takePoolAddress(poolHolder(id));
      Association association = new Association("", life.id());
      Address given = new Address(id, address, Optional.of(association), Map.of());
      ledger.write(tx -> {
        put(tx, given);
        return true;
      });
      known = Optional.of(given);
    }
    known.ifPresent(a -> ground.vpcs().bind(a.address(), Life.holder(life.id())));
  }

  /** The instance is stopped: what was given to it is given back. */
  void pause(String instance) {
    everyone().stream().filter(a -> a.given() && a.leadsTo(instance)).forEach(this::part);
  }

  /** The instance has ended. */
  void leave(String instance) {
    everyone().stream().filter(a -> a.leadsTo(instance)).forEach(this::part);
  }
}
