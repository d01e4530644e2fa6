package dev.esteira.net.vpc;

import dev.esteira.net.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Explains from a cloud alone what its rules let through; the kernel is not asked. */
public final class Explainer {
  private static final String HIDDEN =
      "it has no public address, and only neighbours in its VPC reach it without one";
  private static final String PRIVATE = "this address is known in its own VPC alone";
  private static final String CLOSED_SANDBOX =
      "jobs and pods take calls from their own sandbox and the house alone";

  /**
   * What is around the clouds.
   *
   * @param house the address of the doors
   * @param sandboxes the range of jobs and pods
   * @param owners whose sandbox has an address
   */
  public record Around(String house, String sandboxes, Function<String, Optional<String>> owners) {
    public static Around of(Networks networks) {
      return new Around(networks.houseAddress(), networks.sandboxRange(), networks::ownerOf);
    }
  }

  private final Cloud cloud;
  private final String house;
  private final Range sandboxes;
  private final Function<String, Optional<String>> owners;

  public Explainer(Cloud cloud, Around around) {
    this.cloud = cloud;
    this.house = around.house();
    this.sandboxes = Range.parse(around.sandboxes());
    this.owners = around.owners();
  }

  /** One end that is an interface, with the VPC's policy. */
  private record Member(Policy policy, Policy.Port port, String house) {
    Judge judge() {
      return new Judge(policy, house);
    }

    String name() {
      return port.nic().holder() + " (" + port.address() + ")";
    }
  }

  /** Whether the question's way is open, with every place that was asked on it. */
  public Explanation explain(Explanation.Question asked) {
    Optional<Member> from = member(asked.from(), Optional.empty());
    Optional<Member> to = member(asked.to(), from.map(m -> m.policy().vpc().id()));
    List<Explanation.Step> steps = new ArrayList<>();
    if (from.isPresent() && to.isPresent() && isNeighbour(from.get(), to.get(), asked.to())) {
      neighbours(asked, from.get(), to.get(), steps);
    } else {
      Optional<String> target = target(asked.from(), asked.to(), to);
      if (target.isPresent()) {
        across(asked, from, to, target.get(), steps);
      } else {
        steps.add(
            said(asked.to(), false, asked.to() instanceof Explanation.Address ? PRIVATE : HIDDEN));
      }
    }
    if (steps.isEmpty()) {
      steps.add(outsideOfClouds(asked));
    }
    return Explanation.of(asked, steps);
  }

  private void across(
      Explanation.Question asked,
      Optional<Member> from,
      Optional<Member> to,
      String target,
      List<Explanation.Step> steps) {
    boolean always = from.isPresent() && isAlways(target, asked);
    String source =
        from.map(m -> m.judge().seenAs(m.port(), target)).orElseGet(() -> address(asked.from()));
    from.ifPresent(m -> leave(asked, m, target, always, steps));
    to.ifPresent(m -> arrive(asked, m, source, steps));
    to.ifPresent(m -> answer(asked, m, source, target, steps));
    from.ifPresent(m -> hear(asked, m, target, always, steps));
  }

  private static Explanation.Step said(Explanation.End at, boolean allowed, String words) {
    return new Explanation.Step(false, at.name(), allowed, words);
  }

  /** Jobs and pods are apart from everybody but those of their own bridge, and the house. */
  private Explanation.Step outsideOfClouds(Explanation.Question asked) {
    String from = address(asked.from());
    String to = address(asked.to());
    if (sandboxes.contains(Range.address(to)) && !from.equals(house)) {
      Optional<String> owner = owners.apply(to);
      return owner.isPresent() && owner.equals(owners.apply(from))
          ? said(asked.to(), true, "both are of one sandbox")
          : said(asked.to(), false, CLOSED_SANDBOX);
    }
    if (to.equals("169.254.169.254")) {
      return said(asked.to(), false, "the metadata service answers instances alone");
    }
    return said(asked.to(), true, "no virtual private cloud is on the way");
  }

  /** {@code vpcId}: in which private addresses are meant; VPCs may have the same ones. */
  private Optional<Member> member(Explanation.End end, Optional<String> vpcId) {
    return cloud.interfaces().values().stream()
        .filter(nic -> isIt(nic, end, vpcId))
        .findFirst()
        .flatMap(nic ->
            Optional.ofNullable(cloud.vpcs().get(nic.vpcId()))
                .map(vpc -> Policy.of(cloud, vpc))
                .flatMap(policy ->
                    policy
                        .port(nic.privateAddress())
                        .map(port -> new Member(policy, port, house))));
  }

  private boolean isIt(NetworkInterface nic, Explanation.End end, Optional<String> vpcId) {
    return switch (end) {
      case Explanation.Inside inside -> inside.holder().equals(nic.holder());
      case Explanation.Address address ->
          (address.address().equals(nic.privateAddress())
                  && vpcId.map(nic.vpcId()::equals).orElse(true))
              || address.address().equals(nic.transitAddress())
              || Optional.ofNullable(cloud.bindings().get(address.address()))
                  .filter(b -> b.holder().equals(nic.holder()))
                  .isPresent();
    };
  }

  private static String address(Explanation.End end) {
    return switch (end) {
      case Explanation.Inside inside ->
          throw new CloudRefusal(
              "InvalidNetworkInterfaceID.NotFound", inside.name() + " has no network interface");
      case Explanation.Address address -> address.address();
    };
  }

  /** Neighbours meet at private addresses, unless the question names another one. */
  private static boolean isNeighbour(Member from, Member to, Explanation.End end) {
    return from.policy().vpc().id().equals(to.policy().vpc().id())
        && !(end instanceof Explanation.Address address
            && !address.address().equals(to.port().address()));
  }

  /** The address by which the packet is sent to the end; the house alone knows hidden ones. */
  private Optional<String> target(Explanation.End from, Explanation.End end, Optional<Member> to) {
    boolean ofHouse = from instanceof Explanation.Address a && a.address().equals(house);
    if (to.isEmpty()) {
      return Optional.of(address(end));
    }
    Policy.Port port = to.get().port();
    return switch (end) {
      case Explanation.Inside _ when ofHouse -> Optional.of(port.outside());
      case Explanation.Inside _ -> port.elastic();
      case Explanation.Address named ->
          Optional.of(named.address())
              .filter(address -> !address.equals(port.address()))
              .filter(address -> ofHouse || !address.equals(port.nic().transitAddress()));
    };
  }

  private boolean isAlways(String target, Explanation.Question asked) {
    boolean metadata =
        target.equals("169.254.169.254") && asked.port() == 80 && asked.protocol().equals("tcp");
    boolean names = target.equals(house) && asked.port() == 53 && !asked.protocol().equals("icmp");
    return metadata || names;
  }

  private void neighbours(
      Explanation.Question asked, Member from, Member to, List<Explanation.Step> steps) {
    String a = from.port().address();
    String b = to.port().address();
    Judge.Packet there = Judge.Packet.towards(asked.protocol(), asked.port());
    Judge.Packet back = Judge.Packet.back(asked.protocol(), asked.sourcePort());
    Judge judge = from.judge();
    add(steps, false, from, judge.groups(from.port(), true, b, asked.protocol(), asked.port()));
    judge.acl(from.port(), true, b, there).ifPresent(v -> add(steps, false, from, v));
    judge.acl(to.port(), false, a, there).ifPresent(v -> add(steps, false, to, v));
    add(steps, false, to, judge.groups(to.port(), false, a, asked.protocol(), asked.port()));
    judge.acl(to.port(), true, a, back).ifPresent(v -> add(steps, true, to, v));
    judge.acl(from.port(), false, b, back).ifPresent(v -> add(steps, true, from, v));
  }

  private void leave(
      Explanation.Question asked,
      Member from,
      String target,
      boolean always,
      List<Explanation.Step> steps) {
    if (always) {
      steps.add(
          new Explanation.Step(
              false, from.name(), true, "the metadata service and the name server are never cut"));
      return;
    }
    Judge judge = from.judge();
    add(
        steps,
        false,
        from,
        judge.groups(from.port(), true, target, asked.protocol(), asked.port()));
    judge
        .acl(from.port(), true, target, Judge.Packet.towards(asked.protocol(), asked.port()))
        .ifPresent(v -> add(steps, false, from, v));
    add(steps, false, from, outside(judge, from, target));
  }

  private Judge.Verdict outside(Judge judge, Member from, String target) {
    long address = Range.address(target);
    return sandboxes.contains(address)
        ? new Judge.Verdict(false, CLOSED_SANDBOX)
        : judge.route(from.port(), target, false);
  }

  private static void arrive(
      Explanation.Question asked, Member to, String source, List<Explanation.Step> steps) {
    Judge judge = to.judge();
    judge
        .acl(to.port(), false, source, Judge.Packet.towards(asked.protocol(), asked.port()))
        .ifPresent(v -> add(steps, false, to, v));
    add(steps, false, to, judge.groups(to.port(), false, source, asked.protocol(), asked.port()));
  }

  private static void answer(
      Explanation.Question asked,
      Member to,
      String source,
      String target,
      List<Explanation.Step> steps) {
    Judge judge = to.judge();
    judge
        .acl(to.port(), true, source, Judge.Packet.back(asked.protocol(), asked.sourcePort()))
        .ifPresent(v -> add(steps, true, to, v));
    if (to.port().elastic().equals(Optional.of(target))) {
      add(steps, true, to, judge.route(to.port(), source, true));
    }
  }

  private static void hear(
      Explanation.Question asked,
      Member from,
      String target,
      boolean always,
      List<Explanation.Step> steps) {
    if (!always) {
      from.judge()
          .acl(from.port(), false, target, Judge.Packet.back(asked.protocol(), asked.sourcePort()))
          .ifPresent(v -> add(steps, true, from, v));
    }
  }

  private static void add(
      List<Explanation.Step> steps, boolean returning, Member at, Judge.Verdict verdict) {
    steps.add(new Explanation.Step(returning, at.name(), verdict.allowed(), verdict.rule()));
  }
}
