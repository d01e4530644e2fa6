package dev.esteira.net;

import dev.esteira.base.Commands;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.base.Programs;
import dev.esteira.engine.Engine;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * The sandboxes' bridges: recorded first, then made by the engine, so that a crash in between
 * leaves nothing unknown. A number is used again only after all others.
 */
final class Bridges {
  private static final String KIND = "net.bridge";
  private static final Path LINKS = Path.of("/sys/class/net");
  private static final Duration LINK_LIMIT = Duration.ofMinutes(1);

  /** What the ledger keeps of a bridge. */
  record Recorded(String owner, int number) {}

  private final String id;
  private final AddressPlan plan;
  private final Ledger ledger;
  private final Engine engine;
  private final ConcurrentMap<Integer, String> owners = new ConcurrentHashMap<>();

  Bridges(String id, AddressPlan plan, Ledger ledger, Engine engine) {
    this.id = id;
    this.plan = plan;
    this.ledger = ledger;
    this.engine = engine;
    recorded().forEach(bridge -> owners.put(bridge.number(), bridge.owner()));
  }

  /** Makes what earlier sandboxes still need. */
  void restore() {
    recorded().forEach(this::make);
  }

  Networks.Bridge bridge(String owner, boolean pods) {
    Recorded recorded = ledger.write(tx -> record(tx, owner, pods));
    owners.put(recorded.number(), owner);
    return make(recorded);
  }

  Optional<Networks.Bridge> of(String owner) {
    return ledger.get(KIND, owner).map(Bridges::read).map(this::described);
  }

  /** The engine is not asked: to it the network stays as it is. */
  Networks.Bridge handOver(String from, String to) {
    Recorded recorded =
        ledger.write(tx -> {
          Optional<Recorded> has = tx.get(KIND, to).map(Bridges::read);
          Optional<Recorded> given = tx.get(KIND, from).map(Bridges::read);
          if (has.isPresent() && given.isPresent()) {
            throw EsteiraException.conflict(
                "could not give the bridge of " + from + " to " + to + ", which has one");
          }
          if (has.isPresent()) {
            return has.get();
          }
          int number =
              given
                  .orElseThrow(() -> EsteiraException.notFound(from + " has no bridge to give"))
                  .number();
          tx.delete(KIND, from);
          tx.put(KIND, to, Json.write(new Recorded(to, number)));
          return new Recorded(to, number);
        });
    owners.put(recorded.number(), to);
    return described(recorded);
  }

  void remove(String owner) {
    Optional<Recorded> recorded = ledger.get(KIND, owner).map(Bridges::read);
    if (recorded.isEmpty()) {
      return;
    }
    engine.removeNetwork(name(recorded.get().number()));
    deleteLink(name(recorded.get().number()));
    ledger.write(tx -> tx.delete(KIND, owner));
    owners.remove(recorded.get().number(), owner);
  }

  Optional<String> ownerOf(int address) {
    int number = plan.subnetNumber(address);
    // The gateway is the host itself.
    return number < 0 || plan.subnet(number).gateway() == address
        ? Optional.empty()
        : Optional.ofNullable(owners.get(number));
  }

  /** Removes the kernel's bridges, not the records. */
  void removeLinks() {
    try (Stream<Path> links = Files.list(LINKS)) {
      links
          .map(link -> link.getFileName().toString())
          .filter(link -> link.startsWith("es" + id + "-"))
          .forEach(Bridges::deleteLink);
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + LINKS, e);
    }
  }

  private Networks.Bridge make(Recorded recorded) {
    String name = name(recorded.number());
    AddressPlan.Subnet subnet = plan.subnet(recorded.number());
    String gateway = AddressPlan.text(subnet.gateway());
    engine.createNetwork(name, name, subnet.cidr(), gateway);
    if (!Files.exists(LINKS.resolve(name))) {
      // The engine remembers a network whose bridge went while it was not looking.
      engine.removeNetwork(name);
      engine.createNetwork(name, name, subnet.cidr(), gateway);
    }
    return described(recorded);
  }

  private Networks.Bridge described(Recorded recorded) {
    AddressPlan.Subnet subnet = plan.subnet(recorded.number());
    String name = name(recorded.number());
    return new Networks.Bridge(
        recorded.owner(), name, name, subnet.cidr(), AddressPlan.text(subnet.gateway()));
  }

  /** Network and bridge have the same name: at most 15 characters, with the id of the home. */
  private String name(int number) {
    return "es" + id + "-" + number;
  }

  private static Recorded record(Ledger.Transaction tx, String owner, boolean pods) {
    Optional<Recorded> has = tx.get(KIND, owner).map(Bridges::read);
    if (has.isPresent()) {
      return has.get();
    }
    List<Integer> taken = tx.list(KIND, "").stream().map(s -> read(s).number()).toList();
    int first = pods ? AddressPlan.JOB_BRIDGES_MAX : 0;
    int count = pods ? AddressPlan.POD_BRIDGES_MAX : AddressPlan.JOB_BRIDGES_MAX;
    for (int i = 0; i < count; i++) {
      int number = first + (int) ((tx.next(KIND + (pods ? ".pods" : ".jobs")) - 1) % count);
      if (!taken.contains(number)) {
        Recorded recorded = new Recorded(owner, number);
        tx.put(KIND, owner, Json.write(recorded));
        return recorded;
      }
    }
    throw EsteiraException.limit("all " + count + " bridges are in use; " + owner + " gets none");
  }

  private List<Recorded> recorded() {
    return ledger.list(KIND, "").stream().map(Bridges::read).toList();
  }

  private static Recorded read(Ledger.Stored stored) {
    return Json.read(stored.body(), Recorded.class);
  }

  private static void deleteLink(String name) {
    if (Files.exists(LINKS.resolve(name))) {
      Commands.run(LINK_LIMIT, "", List.of(Programs.require("ip"), "link", "delete", name));
    }
  }
}
