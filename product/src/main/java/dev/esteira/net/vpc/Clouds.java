package dev.esteira.net.vpc;

import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The virtual networks of a home as their owner sees and changes them. A rule that a change breaks
 * is a {@link CloudRefusal}; a change is durable when its method returns, and the kernel has it
 * within a second. Thread-safe.
 */
public final class Clouds {
  /** The region of a home. */
  public static final String REGION = "us-east-1";

  /** Its availability zones. */
  public static final List<String> ZONES = List.of(REGION + "a", REGION + "b", REGION + "c");

  private final CloudStore store;
  private final Ranges ranges;
  private final Groups groups;
  private final Acls acls;
  private final Routing routing;

  public Clouds(Ledger ledger, InstantSource clock) {
    this.store = new CloudStore(ledger);
    this.ranges = new Ranges(store, ZONES);
    this.groups = new Groups(store);
    this.acls = new Acls(store);
    this.routing = new Routing(store, clock);
    // An account has had its default VPC from the first day; who deletes it means it.
    if (ledger.get("vpc.begun", "begun").isEmpty()) {
      if (store.now().defaultVpc().isEmpty()) {
        ranges.createDefaultVpc();
      }
      ledger.write(tx -> {
        tx.put("vpc.begun", "begun", "{}");
        return 0;
      });
    }
  }

  /** Everything as it is at this moment. */
  public Cloud now() {
    return store.now();
  }

  CloudStore store() {
    return store;
  }

  public Ranges ranges() {
    return ranges;
  }

  public Groups groups() {
    return groups;
  }

  public Acls acls() {
    return acls;
  }

  public Routing routing() {
    return routing;
  }

  /** Puts the holder's interface into these groups. */
  public void secure(String holder, List<String> securityGroupIds) {
    Interfaces.secure(store, holder, securityGroupIds);
  }

  /** Sets and removes tags of the resource with this id; none by that id is fine. */
  public void tag(String id, Map<String, String> set, List<String> removed) {
    store.change(draft -> {
      draft.vpcs.computeIfPresent(id, (_, r) -> r.withTags(Ranges.merged(r.tags(), set, removed)));
      draft.subnets.computeIfPresent(
          id, (_, r) -> r.withTags(Ranges.merged(r.tags(), set, removed)));
      draft.gateways.computeIfPresent(
          id, (_, r) -> r.withTags(Ranges.merged(r.tags(), set, removed)));
      draft.nats.computeIfPresent(id, (_, r) -> r.withTags(Ranges.merged(r.tags(), set, removed)));
      draft.routeTables.computeIfPresent(
          id, (_, r) -> r.withTags(Ranges.merged(r.tags(), set, removed)));
      draft.groups.computeIfPresent(
          id, (_, r) -> r.withTags(Ranges.merged(r.tags(), set, removed)));
      draft.acls.computeIfPresent(id, (_, r) -> r.withTags(Ranges.merged(r.tags(), set, removed)));
      if (id.startsWith("sgr-")) {
        draft.groups.replaceAll((_, group) -> taggedRule(group, id, set, removed));
      }
      return id;
    });
  }

  private static SecurityGroup taggedRule(
      SecurityGroup group, String id, Map<String, String> set, List<String> removed) {
    return group.rules().stream().noneMatch(r -> r.id().equals(id))
        ? group
        : group.withRules(
            group.rules().stream()
                .map(r -> r.id().equals(id) ? r.withTags(Ranges.merged(r.tags(), set, removed)) : r)
                .toList());
  }
}
