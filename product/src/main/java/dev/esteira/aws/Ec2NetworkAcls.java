package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.NetworkAcl;
import java.util.List;
import java.util.Map;

/** Network ACLs in EC2's words. */
final class Ec2NetworkAcls {
  /** The number of the entry that every ACL ends with, and that denies. */
  private static final int LAST = 32_767;

  private final Clouds clouds;
  private final String account;
  private final Filters<NetworkAcl> filters;

  Ec2NetworkAcls(Clouds clouds, String account) {
    this.clouds = clouds;
    this.account = account;
    this.filters =
        new Filters<>(NetworkAcl::tags)
            .one("network-acl-id", NetworkAcl::id)
            .one("vpc-id", NetworkAcl::vpcId)
            .one("default", acl -> String.valueOf(acl.isDefault()))
            .one("owner-id", _ -> account)
            .one("association.network-acl-id", NetworkAcl::id)
            .many(
                "association.association-id",
                acl -> acl.associations().stream().map(NetworkAcl.Association::id).toList())
            .many(
                "association.subnet-id",
                acl -> acl.associations().stream().map(NetworkAcl.Association::subnetId).toList())
            .many("entry.cidr", acl -> ranges(acl, false))
            .many("entry.ipv6-cidr", acl -> ranges(acl, true))
            .many(
                "entry.egress",
                acl -> acl.entries().stream().map(e -> String.valueOf(e.egress())).toList())
            .many(
                "entry.rule-action",
                acl -> acl.entries().stream().map(e -> action(e.allow())).toList())
            .many(
                "entry.rule-number",
                acl -> acl.entries().stream().map(e -> String.valueOf(e.number())).toList());
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeNetworkAcls", this::describe);
    operations.put("CreateNetworkAcl", this::create);
    operations.put("DeleteNetworkAcl", this::delete);
    operations.put("CreateNetworkAclEntry", this::add);
    operations.put("ReplaceNetworkAclEntry", this::replace);
    operations.put("DeleteNetworkAclEntry", this::remove);
    operations.put("ReplaceNetworkAclAssociation", this::associate);
  }

  private static List<String> ranges(NetworkAcl acl, boolean ofIpv6) {
    return acl.entries().stream()
        .filter(entry -> entry.ofIpv6() == ofIpv6)
        .map(NetworkAcl.Entry::cidr)
        .toList();
  }

  private static String action(boolean allow) {
    return allow ? "allow" : "deny";
  }

  private ObjectNode describe(Call call) {
    List<NetworkAcl> found =
        filters.apply(
            call,
            Ec2Missing.select(
                clouds.now().acls(),
                call.texts("NetworkAclIds"),
                "acl-",
                "InvalidNetworkAclId.Malformed",
                Ec2Missing::acl));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("NetworkAcls");
    Ec2.page(call, found, answer).forEach(acl -> list.add(shown(acl)));
    return answer;
  }

  private ObjectNode shown(NetworkAcl acl) {
    ObjectNode shown = Json.object();
    ArrayNode associations = shown.putArray("Associations");
    for (NetworkAcl.Association association : acl.associations()) {
      ObjectNode each = associations.addObject();
      each.put("NetworkAclAssociationId", association.id());
      each.put("NetworkAclId", acl.id()).put("SubnetId", association.subnetId());
    }
    ArrayNode entries = shown.putArray("Entries");
    for (boolean egress : List.of(true, false)) {
      acl.entries().stream()
          .filter(entry -> entry.egress() == egress)
          .forEach(entry -> entries.add(entry(entry)));
      entries.add(entry(new NetworkAcl.Entry(egress, LAST, -1, "0.0.0.0/0", false, -1, -1)));
    }
    shown.put("IsDefault", acl.isDefault()).put("NetworkAclId", acl.id());
    shown.set("Tags", Ec2Tags.json(acl.tags()));
    return shown.put("VpcId", acl.vpcId()).put("OwnerId", account);
  }

  private static ObjectNode entry(NetworkAcl.Entry entry) {
    ObjectNode shown = Json.object();
    shown.put(entry.ofIpv6() ? "Ipv6CidrBlock" : "CidrBlock", entry.cidr());
    shown.put("Egress", entry.egress());
    if (isIcmp(entry.protocol())) {
      ObjectNode icmp = shown.putObject("IcmpTypeCode");
      icmp.put("Code", entry.toPort()).put("Type", entry.fromPort());
    }
    if (entry.protocol() == 6 || entry.protocol() == 17) {
      ObjectNode ports = shown.putObject("PortRange");
      ports.put("From", entry.fromPort()).put("To", entry.toPort());
    }
    shown.put("Protocol", String.valueOf(entry.protocol()));
    return shown.put("RuleAction", action(entry.allow())).put("RuleNumber", entry.number());
  }

  private ObjectNode create(Call call) {
    NetworkAcl acl =
        clouds.acls().create(call.text("VpcId"), Ec2Tags.specified(call, "network-acl"));
    ObjectNode answer = Json.object();
    answer.set("NetworkAcl", shown(acl));
    return answer;
  }

  private ObjectNode delete(Call call) {
    clouds.acls().delete(call.text("NetworkAclId"));
    return Json.object();
  }

  private ObjectNode add(Call call) {
    clouds.acls().add(call.text("NetworkAclId"), read(call));
    return Json.object();
  }

  private ObjectNode replace(Call call) {
    clouds.acls().replace(call.text("NetworkAclId"), read(call));
    return Json.object();
  }

  private static NetworkAcl.Entry read(Call call) {
    int protocol = protocol(call.text("Protocol"));
    JsonNode ports = call.input().path("PortRange");
    JsonNode icmp = call.input().path("IcmpTypeCode");
    boolean hasPorts = protocol == 6 || protocol == 17;
    if (hasPorts && !ports.has("From")) {
      throw Ec2.missing("PortRange.From");
    }
    if (isIcmp(protocol) && !icmp.has("Type")) {
      throw Ec2.missing("IcmpTypeCode.Type");
    }
    String action = call.text("RuleAction");
    if (!List.of("allow", "deny").contains(action)) {
      throw Ec2.invalid("Invalid value '" + action + "' for ruleAction. Must be allow or deny");
    }
    return new NetworkAcl.Entry(
        call.flag("Egress"),
        call.number("RuleNumber", 0),
        protocol,
        call.optional("Ipv6CidrBlock").orElseGet(() -> Ec2.text(call, "CidrBlock")),
        action.equals("allow"),
        hasPorts ? ports.path("From").asInt(-1) : isIcmp(protocol) ? icmp.path("Type").asInt() : -1,
        hasPorts
            ? ports.path("To").asInt(-1)
            : isIcmp(protocol) ? icmp.path("Code").asInt(-1) : -1);
  }

  /** That of IPv4 or of IPv6. */
  private static boolean isIcmp(int protocol) {
    return protocol == 1 || protocol == 58;
  }

  private static int protocol(String name) {
    return switch (name) {
      case "tcp" -> 6;
      case "udp" -> 17;
      case "icmp" -> 1;
      case "all", "-1" -> -1;
      default -> {
        if (!name.matches("[0-9]{1,3}") || Integer.parseInt(name) > 255) {
          throw Ec2.invalid("Invalid value '" + name + "' for IP protocol.");
        }
        yield Integer.parseInt(name);
      }
    };
  }

  private ObjectNode remove(Call call) {
    clouds
        .acls()
        .remove(call.text("NetworkAclId"), call.flag("Egress"), call.number("RuleNumber", 0));
    return Json.object();
  }

  private ObjectNode associate(Call call) {
    return Json.object()
        .put(
            "NewAssociationId",
            clouds.acls().associate(call.text("AssociationId"), call.text("NetworkAclId")));
  }
}
