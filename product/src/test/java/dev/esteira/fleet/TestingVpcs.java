package dev.esteira.fleet;

import dev.esteira.base.Commands;
import dev.esteira.net.Networks;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Vpcs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Interfaces on bridges of the house, without rules; addresses are bound by local routes. */
final class TestingVpcs implements Vpcs {
  private final Networks networks;
  private final int metadataPort;
  final Map<String, Interface> taken = new ConcurrentHashMap<>();
  final Map<String, String> bound = new ConcurrentHashMap<>();
  private int number;

  TestingVpcs(Networks networks, int metadataPort) {
    this.networks = networks;
    this.metadataPort = metadataPort;
  }

  @Override
  public synchronized Interface take(String holder, Wanted wanted) {
    return taken.computeIfAbsent(
        holder,
        _ -> {
          Networks.Bridge bridge = networks.bridge(holder, false);
          String gateway = bridge.gateway();
          int dot = gateway.lastIndexOf('.');
          String address =
              gateway.substring(0, dot + 1) + (Integer.parseInt(gateway.substring(dot + 1)) + 1);
          number++;
          return new Interface(
              "eni-%017x".formatted(number),
              holder,
              "vpc-1",
              "subnet-1",
              "us-east-1a",
              address,
              address,
              "02:00:00:00:00:%02x".formatted(number),
              List.of("sg-1"));
        });
  }

  @Override
  public Optional<Interface> of(String holder) {
    return Optional.ofNullable(taken.get(holder));
  }

  @Override
  public void plug(String holder, long pid) {
    Interface taken =
        take(holder, new Wanted(Optional.empty(), List.of(), Optional.empty(), Optional.empty()));
    Networks.Bridge bridge = networks.bridge(holder, false);
    String veth = "t" + bridge.bridge().substring(3);
    String script =
        """
        set -e
        if nsenter -t %1$d -n ip link show eth0 >/dev/null 2>&1; then exit 0; fi
        ip link del %2$s 2>/dev/null || true
        ip link add %2$s type veth peer name eth0 netns %1$d
        ip link set %2$s master %3$s up
        nsenter -t %1$d -n sh -c '
          ip link set lo up; ip addr add %4$s/28 dev eth0; ip link set eth0 up
          ip route add default via %5$s'
        nsenter -t %1$d -n nft -f - <<'END'
        table ip testing_metadata {
          chain output {
            type nat hook output priority -100;
            ip daddr 169.254.169.254 tcp dport 80 dnat to %6$s:%7$d;
          }
        }
        END
        """
            .formatted(
                pid,
                veth,
                bridge.bridge(),
                taken.privateAddress(),
                bridge.gateway(),
                networks.houseAddress(),
                metadataPort);
    Commands.check(Duration.ofMinutes(2), script, List.of("bash", "-s"));
  }

  @Override
  public void release(String holder) {
    if (taken.remove(holder) != null) {
      networks.removeBridge(holder);
    }
  }

  @Override
  public void secure(String holder, List<String> securityGroupIds) {
    taken.computeIfPresent(
        holder,
        (_, i) ->
            new Interface(
                i.id(),
                i.holder(),
                i.vpcId(),
                i.subnetId(),
                i.zone(),
                i.privateAddress(),
                i.transitAddress(),
                i.mac(),
                securityGroupIds));
  }

  @Override
  public Optional<String> holderOf(String transitAddress) {
    return taken.values().stream()
        .filter(i -> i.transitAddress().equals(transitAddress))
        .map(Interface::holder)
        .findFirst();
  }

  @Override
  public void bind(String poolAddress, String holder) {
    bound.put(poolAddress, holder);
  }

  @Override
  public void unbind(String poolAddress) {
    bound.remove(poolAddress);
  }

  @Override
  public void metadata(int port) {}

  @Override
  public void admit(Cloud.Admission admission) {}

  @Override
  public void dismiss(String member) {}
}
