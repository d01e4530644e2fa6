package dev.esteira.net.vpc;

import dev.esteira.net.Networks;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keeps the kernel at what the cloud says: namespaces, routes and rules of every used VPC. */
final class Kernel {
  private static final System.Logger LOG = System.getLogger(Kernel.class.getName());

  private final Namespaces namespaces;
  private final String house;
  private final Map<String, Policy> applied = new HashMap<>();
  private final Map<String, Long> plugged = new HashMap<>();
  private final Map<String, List<String>> reasons = new HashMap<>();
  private final Denials denials;
  private int metadataPort;

  Kernel(Namespaces namespaces, Networks networks, InstantSource clock) {
    this.namespaces = namespaces;
    this.denials = new Denials(clock);
    this.house = networks.houseAddress();
  }

  synchronized void metadata(int port, Cloud cloud) {
    if (port != metadataPort) {
      metadataPort = port;
      applied.clear();
      restore(cloud);
    }
  }

  /** Brings every VPC to what is recorded; those at which nothing changed cost a look. */
  synchronized void restore(Cloud cloud) {
    for (Vpc vpc : cloud.vpcs().values()) {
      tryBring(cloud, vpc);
    }
  }

  /** After each change: what it means for the kernel. A failure is mended by the next look. */
  synchronized void follow(Cloud before, Cloud after) {
    for (NetworkInterface gone : before.interfaces().values()) {
      if (!after.interfaces().containsKey(gone.id())) {
        plugged.remove(gone.holder());
        Vpc vpc = before.vpcs().get(gone.vpcId());
        if (vpc != null) {
          namespaces.unplug(vpc, gone);
        }
      }
    }
    for (Vpc vpc : new TreeMap<>(before.vpcs()).values()) {
      if (!after.vpcs().containsKey(vpc.id())) {
        applied.remove(vpc.id());
        namespaces.remove(vpc);
      }
    }
    restore(after);
  }

  private void tryBring(Cloud cloud, Vpc vpc) {
    try {
      bring(cloud, vpc);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the rules of {0} wait: {1}", vpc.id(), e.getMessage());
    }
  }

  private void bring(Cloud cloud, Vpc vpc) {
    Policy policy = Policy.of(cloud, vpc);
    boolean exists = namespaces.exists(vpc);
    if (policy.ports().isEmpty()) {
      applied.remove(vpc.id());
      if (exists) {
        namespaces.remove(vpc);
      }
      return;
    }
    Policy before = applied.remove(vpc.id());
    if (!exists || !policy.equals(before)) {
      if (!exists || before == null) {
        namespaces.make(vpc);
      }
      // Rules before all else: no packet may pass before it is said which.
      PolicyRules.Ruleset ruleset = ruleset(policy);
      keepDenied(
          vpc, before == null ? ruleset.reasons() : reasons.getOrDefault(vpc.id(), List.of()));
      namespaces.rules(vpc, ruleset.text());
      reasons.put(vpc.id(), ruleset.reasons());
      if (before == null || !exists) {
        namespaces.open(vpc);
      }
      if (before == null
          || !exists
          || !before.ports().equals(policy.ports())
          || !before.publicAddresses().equals(policy.publicAddresses())) {
        namespaces.routes(vpc, transit(policy), policy.publicAddresses());
      }
      if (!exists) {
        replug(cloud, vpc, policy);
      }
    }
    applied.put(vpc.id(), policy);
  }

  /** A namespace that somebody removed took the links with it. */
  private void replug(Cloud cloud, Vpc vpc, Policy policy) {
    for (Policy.Port port : policy.ports()) {
      Long pid = plugged.get(port.nic().holder());
      Subnet subnet = cloud.subnets().get(port.nic().subnetId());
      if (pid != null && subnet != null && Files.exists(Path.of("/proc", pid.toString()))) {
        namespaces.plug(vpc, port.nic(), subnet, pid);
      }
    }
  }

  /** The same cloud makes the same rules, so after a restart the numbers mean the same. */
  private void keepDenied(Vpc vpc, List<String> known) {
    denials.keep(vpc, namespaces.sets(vpc), known);
  }

  /** What was denied, the latest first. */
  synchronized List<DeniedFlow> denied(Cloud cloud) {
    List<DeniedFlow> current = new ArrayList<>();
    for (Vpc vpc : cloud.vpcs().values()) {
      List<String> known = reasons.get(vpc.id());
      if (known != null) {
        current.addAll(denials.read(vpc, namespaces.sets(vpc), known));
      }
    }
    return denials.with(current);
  }

  PolicyRules.Ruleset ruleset(Policy policy) {
    return PolicyRules.of(policy, new PolicyRules.House(house, metadataPort));
  }

  private static Set<String> transit(Policy policy) {
    return policy.ports().stream().map(p -> p.nic().transitAddress()).collect(Collectors.toSet());
  }

  synchronized void plug(Cloud cloud, NetworkInterface nic, long pid) {
    Vpc vpc = cloud.vpcs().get(nic.vpcId());
    Subnet subnet = cloud.subnets().get(nic.subnetId());
    if (vpc == null || subnet == null) {
      throw new IllegalStateException(nic.id() + " is in no subnet");
    }
    bring(cloud, vpc);
    namespaces.plug(vpc, nic, subnet, pid);
    plugged.put(nic.holder(), pid);
  }
}
