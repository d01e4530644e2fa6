package dev.esteira.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Vpcs;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What the metadata service says about one instance: values by their paths. A directory lists what
 * lies in it, with a slash behind directories. Pure but for the role's keys, which are made when
 * asked for.
 */
final class MetadataTree {
  /** What is asked elsewhere; {@code role} is the one that its instance profile brings. */
  record Facts(
      String accountId,
      String region,
      Optional<String> publicKey,
      Map<String, String> groupNames,
      Optional<String> lifecycleState,
      Optional<String> role,
      Supplier<RoleKeys.Held> keys) {}

  private final Map<String, Supplier<String>> values = new LinkedHashMap<>();
  private final Map<String, String> listings = new LinkedHashMap<>();
  private final Instances.Instance instance;
  private final Facts facts;

  MetadataTree(Instances.Instance instance, Facts facts) {
    this.instance = instance;
    this.facts = facts;
    machine();
    network();
    role();
    instance
        .template()
        .keyName()
        .ifPresent(name -> {
          listings.put("meta-data/public-keys", "0=" + name);
          put("meta-data/public-keys/0/openssh-key", facts.publicKey().orElse(""));
        });
    instance
        .tags()
        .forEach((key, value) -> {
          if (!key.contains("/") && !key.isBlank()) {
            put("meta-data/tags/instance/" + key, value);
          }
        });
    facts
        .lifecycleState()
        .ifPresent(state -> put("meta-data/autoscaling/target-lifecycle-state", state));
    values.put("dynamic/instance-identity/document", this::document);
  }

  private void put(String path, String value) {
    values.put(path, () -> value);
  }

  private void meta(String path, String value) {
    put("meta-data/" + path, value);
  }

  private void machine() {
    meta("ami-id", instance.template().imageId());
    meta("ami-launch-index", "0");
    meta("ami-manifest-path", "(unknown)");
    meta("instance-action", "none");
    meta("instance-id", instance.id());
    meta("instance-life-cycle", "on-demand");
    meta("instance-type", instance.template().instanceType());
    meta("profile", "default-hvm");
    meta("reservation-id", instance.reservationId());
    String zone = instance.network().zone();
    meta("placement/availability-zone", zone);
    meta("placement/availability-zone-id", zoneId(zone));
    meta("placement/region", facts.region());
    meta("services/domain", "amazonaws.com");
    meta("services/partition", "aws");
    meta("system", "nitro");
    meta("block-device-mapping/ami", "/dev/xvda");
    meta("block-device-mapping/root", "/dev/xvda");
  }

  /** {@code use1-az1} for {@code us-east-1a}. */
  static String zoneId(String zone) {
    if (zone.isEmpty()) {
      return "";
    }
    String[] parts = zone.split("-");
    int number = zone.charAt(zone.length() - 1) - 'a' + 1;
    String last = parts.length > 2 ? parts[2].substring(0, parts[2].length() - 1) : "";
    String middle = parts.length > 1 ? parts[1].substring(0, 1) : "";
    return parts[0] + middle + last + "-az" + number;
  }

  private void network() {
    Vpcs.Interface network = instance.network();
    String name = HostNames.inside(network.privateAddress(), facts.region());
    meta("hostname", name);
    meta("local-hostname", name);
    meta("local-ipv4", network.privateAddress());
    meta("mac", network.mac());
    String groups = String.join("\n", facts.groupNames().values());
    meta("security-groups", groups);
    String card = "network/interfaces/macs/" + network.mac() + "/";
    meta(card + "device-number", "0");
    meta(card + "interface-id", network.id());
    meta(card + "local-hostname", name);
    meta(card + "local-ipv4s", network.privateAddress());
    meta(card + "mac", network.mac());
    meta(card + "owner-id", facts.accountId());
    meta(card + "security-group-ids", String.join("\n", facts.groupNames().keySet()));
    meta(card + "security-groups", groups);
    meta(card + "subnet-id", network.subnetId());
    meta(card + "vpc-id", network.vpcId());
    instance
        .publicAddress()
        .ifPresent(address -> {
          String outside = HostNames.outside(address, facts.region());
          meta("public-hostname", outside);
          meta("public-ipv4", address);
          meta(card + "public-hostname", outside);
          meta(card + "public-ipv4s", address);
          meta(card + "ipv4-associations/" + address, network.privateAddress());
        });
  }

  private void role() {
    instance
        .template()
        .instanceProfile()
        .map(Profiles::nameOf)
        .ifPresent(name -> values.put("meta-data/iam/info", () -> roleInfo(name)));
    facts
        .role()
        .ifPresent(
            name -> values.put("meta-data/iam/security-credentials/" + name, this::credentials));
  }

  private String roleInfo(String name) {
    ObjectNode info = Json.object().put("Code", "Success");
    info.put("LastUpdated", seconds(facts.keys().get().from()));
    info.put("InstanceProfileArn", Profiles.arn(facts.accountId(), name));
    return pretty(info.put("InstanceProfileId", Profiles.id(name)));
  }

  private String credentials() {
    RoleKeys.Held held = facts.keys().get();
    ObjectNode shown = Json.object().put("Code", "Success");
    shown.put("LastUpdated", seconds(held.from())).put("Type", "AWS-HMAC");
    shown.put("AccessKeyId", held.key().accessKeyId());
    shown.put("SecretAccessKey", held.key().secretAccessKey());
    return pretty(shown.put("Token", held.sessionToken()).put("Expiration", seconds(held.until())));
  }

  private String document() {
    ObjectNode shown = Json.object().put("accountId", facts.accountId());
    shown.put("architecture", "x86_64").put("availabilityZone", instance.network().zone());
    shown.putNull("billingProducts").putNull("devpayProductCodes");
    shown.putNull("marketplaceProductCodes");
    shown.put("imageId", instance.template().imageId()).put("instanceId", instance.id());
    shown.put("instanceType", instance.template().instanceType()).putNull("kernelId");
    shown.put("pendingTime", seconds(instance.launchedAt()));
    shown.put("privateIp", instance.network().privateAddress()).putNull("ramdiskId");
    return pretty(shown.put("region", facts.region()).put("version", "2017-09-30"));
  }

  private static String seconds(java.time.Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String pretty(ObjectNode node) {
    return node.toPrettyString();
  }

  /** What is at the path, without slashes at its ends: a value, or what a directory lists. */
  Optional<String> at(String path) {
    Supplier<String> value = values.get(path);
    if (value != null) {
      return Optional.of(value.get());
    }
    String listing = listings.get(path);
    return listing != null ? Optional.of(listing) : listed(path);
  }

  private Optional<String> listed(String path) {
    String prefix = path.isEmpty() ? "" : path + "/";
    NavigableSet<String> names = new TreeSet<>();
    for (String each : values.keySet()) {
      if (each.startsWith(prefix)) {
        String rest = each.substring(prefix.length());
        int slash = rest.indexOf('/');
        names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
      }
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", names));
  }
}
