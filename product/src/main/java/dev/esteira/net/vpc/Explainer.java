package dev.esteira.net.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains from a cloud alone what its rules let through; the kernel is not asked. */
public final class Explainer {
  private final Cloud cloud;
  private final String house;
  private final Range sandboxes;

  /** {@code house}: the address of the doors; {@code sandboxes}: the range of jobs and pods. */
  public Explainer(Cloud cloud, String house, String sandboxes) {
    this.cloud = cloud;
    this.house = house;
    this.sandboxes = Range.parse(sandboxes);
  }

  /** One end that is an interface, with the VPC's policy. */
  private record Member(Policy policy, Policy.Port port) {
    Judge judge() {
      return new Judge(policy);
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
      String source = from.map(m -> m.port().outside()).orElseGet(() -> address(asked.from()));
      Optional<String> target = target(asked.to(), to, from, internet(asked.from()));
      if (target.isEmpty()) {
        steps.add(
            new Explanation.Step(
                false,
                asked.to().name(),
                false,
                "it has no public address, and only neighbours"
                    + " in its VPC reach it without one"));
      } else {
        boolean always = from.isPresent() && isAlways(target.get(), asked);
        from.ifPresent(m -> leave(asked, m, target.get(), always, steps));
        to.ifPresent(m -> arrive(asked, m, source, steps));
        to.ifPresent(m -> answer(asked, m, source, target.get(), steps));
        from.ifPresent(m -> hear(asked, m, target.get(), always, steps));
      }
    }
    if (steps.isEmpty()) {
      steps.add(
          new Explanation.Step(
              false, asked.to().name(), true, "no virtual private cloud is on the way"));
    }
    return Explanation.of(asked, steps);
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
                    policy.port(nic.privateAddress()).map(port -> new Member(policy, port))));
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

  private static boolean internet(Explanation.End end) {
    return end instanceof Explanation.Address address && address.internet();
  }

  /** Neighbours meet at private addresses, unless the question names another one. */
  private static boolean isNeighbour(Member from, Member to, Explanation.End end) {
    return from.policy().vpc().id().equals(to.policy().vpc().id())
        && !(end instanceof Explanation.Address address
            && !address.address().equals(to.port().address()));
  }

  /** The address by which the packet is sent to the end. */
  private static Optional<String> target(
      Explanation.End end, Optional<Member> to, Optional<Member> from, boolean internet) {
    if (to.isEmpty()) {
      return Optional.of(address(end));
    }
    Policy.Port port = to.get().port();
    boolean named =
        end instanceof Explanation.Address address && !address.address().equals(port.address());
    if (named) {
      String address = address(end);
      boolean transit = address.equals(port.nic().transitAddress());
      boolean other =
          from.isPresent() && !from.get().policy().vpc().id().equals(port.nic().vpcId());
      return transit && (other || internet) ? Optional.empty() : Optional.of(address);
    }
    return from.isPresent() || internet ? port.elastic() : Optional.of(port.outside());
  }

  private boolean isAlways(String target, Explanation.Question asked) {
    boolean metadata =
        target.equals("169.254.169.254") && asked.port() == 80 && asked.protocol().equals("tcp");
    boolean names = target.equals(house) && asked.port() == 53 && !asked.protocol().equals("icmp");
    return metadata || names;
  }

  private static void neighbours(
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
    for (String cidr : from.policy().vpc().cidrs()) {
      if (Range.parse(cidr).contains(address)) {
        return new Judge.Verdict(false, Reasons.NO_INTERFACE);
      }
    }
    boolean transit =
        cloud.interfaces().values().stream().anyMatch(i -> i.transitAddress().equals(target));
    return sandboxes.contains(address) && !transit
        ? new Judge.Verdict(false, "jobs and pods take no calls from instances")
        : judge.route(from.port(), target);
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
      add(steps, true, to, judge.route(to.port(), source));
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
