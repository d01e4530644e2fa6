package dev.esteira.net.vpc;

import dev.esteira.base.Ids;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Gives interfaces to holders and takes them back, and binds addresses to them. */
final class Interfaces {
  private static final int GROUPS_MAX = 16;

  private final CloudStore store;
  private final Range transit;
  private final RandomGenerator random;

  Interfaces(CloudStore store, Range transit, RandomGenerator random) {
    this.store = store;
    this.transit = transit;
    this.random = random;
  }

  NetworkInterface take(String holder, Vpcs.Wanted wanted) {
    return store.change(draft -> {
      Optional<NetworkInterface> has = of(draft, holder);
      if (has.isPresent()) {
        return has.get();
      }
      Subnet subnet =
          wanted.subnetId().map(draft::subnet).orElseGet(() -> defaultSubnet(draft, wanted.zone()));
      String address =
          wanted.privateAddress().isPresent()
              ? Addressing.wanted(draft, subnet, wanted.privateAddress().get())
              : Addressing.free(draft, subnet, random);
      NetworkInterface made =
          new NetworkInterface(
              Draft.id("eni"),
              holder,
              subnet.vpcId(),
              subnet.id(),
              address,
              Addressing.transit(draft, transit, random),
              mac(),
              groups(draft, subnet.vpcId(), wanted.securityGroupIds()));
      draft.interfaces.put(made.id(), made);
      return made;
    });
  }

  /** Locally administered, as the engine's are. */
  private static String mac() {
    String hex = Ids.hex(8);
    return "02:0e:%s:%s:%s:%s"
        .formatted(
            hex.substring(0, 2), hex.substring(2, 4), hex.substring(4, 6), hex.substring(6, 8));
  }

  private static Optional<NetworkInterface> of(Draft draft, String holder) {
    return draft.interfaces.values().stream().filter(i -> i.holder().equals(holder)).findFirst();
  }

  /** The emptiest of the default subnets, in the zone if one is wanted. */
  private static Subnet defaultSubnet(Draft draft, Optional<String> zone) {
    List<Subnet> defaults = draft.subnets.values().stream().filter(Subnet::defaultForZone).toList();
    if (defaults.isEmpty()) {
      throw new CloudRefusal(
          "MissingInput", "No subnets found for the default VPC. Please specify a subnet.");
    }
    return defaults.stream()
        .filter(s -> zone.isEmpty() || sameZone(s.zone(), zone.get()))
        .min((a, b) -> Long.compare(used(draft, a), used(draft, b)))
        .orElseThrow(() ->
            new CloudRefusal(
                "InvalidParameterValue",
                "There is no default subnet in " + zone.orElse("any zone")));
  }

  /** Any region means this home, so the letter of the zone decides. */
  private static boolean sameZone(String one, String other) {
    return !other.isEmpty() && one.charAt(one.length() - 1) == other.charAt(other.length() - 1);
  }

  private static long used(Draft draft, Subnet subnet) {
    return draft.interfaces.values().stream().filter(i -> i.subnetId().equals(subnet.id())).count();
  }

  private static List<String> groups(Draft draft, String vpcId, List<String> ids) {
    if (ids.isEmpty()) {
      return draft.groups.values().stream()
          .filter(g -> g.vpcId().equals(vpcId) && g.name().equals("default"))
          .map(SecurityGroup::id)
          .toList();
    }
    if (ids.size() > GROUPS_MAX) {
      throw new CloudRefusal(
          "SecurityGroupsPerInterfaceLimitExceeded",
          "The maximum number of security groups of an interface is " + GROUPS_MAX);
    }
    for (String id : ids) {
      if (!draft.group(id).vpcId().equals(vpcId)) {
        throw new CloudRefusal(
            "InvalidGroup.NotFound",
            "The security group '" + id + "' does not exist in VPC '" + vpcId + "'");
      }
    }
    return ids.stream().distinct().toList();
  }

  void release(String holder) {
    store.change(draft -> {
      draft.bindings.values().removeIf(b -> b.holder().equals(holder));
      return draft.interfaces.values().removeIf(i -> i.holder().equals(holder));
    });
  }

  static void secure(CloudStore store, String holder, List<String> groupIds) {
    store.change(draft -> {
      NetworkInterface has =
          of(draft, holder)
              .orElseThrow(() ->
                  new CloudRefusal(
                      "InvalidNetworkInterfaceID.NotFound", holder + " has no network interface"));
      NetworkInterface next = has.withGroups(groups(draft, has.vpcId(), groupIds));
      draft.interfaces.put(has.id(), next);
      return next;
    });
  }

  void bind(String address, String holder) {
    store.change(draft -> {
      if (of(draft, holder).isEmpty()) {
        throw new CloudRefusal(
            "InvalidNetworkInterfaceID.NotFound", holder + " has no network interface");
      }
      // A machine has one public address: the new one takes the place of the old one.
      draft.bindings.values().removeIf(b -> b.holder().equals(holder));
      Cloud.Binding binding = new Cloud.Binding(address, holder);
      draft.bindings.put(address, binding);
      return binding;
    });
  }

  void unbind(String address) {
    store.change(draft -> draft.bindings.keySet().remove(address));
  }

  void admit(Cloud.Admission admission) {
    store.change(draft -> {
      admission.securityGroupIds().forEach(draft::group);
      draft.admissions.put(admission.member(), admission);
      return admission;
    });
  }

  void dismiss(String member) {
    store.change(draft -> draft.admissions.keySet().remove(member));
  }
}
