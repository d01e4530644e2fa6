package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Network ACLs under the real command lines. */
@Tag("system")
class Ec2NetworkAclsTest extends Ec2NetworkCalls {
  @Test
  void networkAcls() {
    String vpc = vpc();
    String acl = text("create-network-acl --vpc-id " + vpc, "NetworkAcl.NetworkAclId");
    String entry =
        "create-network-acl-entry --network-acl-id "
            + acl
            + " --rule-number 100"
            + " --ingress --protocol tcp --rule-action allow --cidr-block 0.0.0.0/0 --port-range";

    ok(entry, "From=80,To=80");
    refused("NetworkAclEntryAlreadyExists", entry, "From=81,To=81");
    ok(
        "replace-network-acl-entry --network-acl-id "
            + acl
            + " --rule-number 100 --ingress"
            + " --protocol 6 --rule-action deny --cidr-block 10.0.0.0/8 --port-range",
        "From=22,To=23");
    assertEquals(
        "100\t6\tdeny\t10.0.0.0/8\t22\n32767\t-1\tdeny\t0.0.0.0/0\tNone",
        text(
            "describe-network-acls --network-acl-ids " + acl,
            "NetworkAcls[0].Entries[?!Egress]"
                + ".[RuleNumber,Protocol,RuleAction,CidrBlock,PortRange.From]"));
    ok("delete-network-acl-entry --ingress --rule-number 100 --network-acl-id " + acl);
    refused(
        "InvalidNetworkAclEntry.NotFound",
        "delete-network-acl-entry --ingress --rule-number 100 --network-acl-id " + acl);
  }

  @Test
  void entriesOfIpv6AreKept() {
    String acl = text("create-network-acl --vpc-id " + vpc(), "NetworkAcl.NetworkAclId");
    String entry =
        "network-acl-entry --network-acl-id " + acl + " --rule-number 101 --egress --protocol ";

    ok("create-" + entry + "-1 --rule-action allow --ipv6-cidr-block ::/0");
    refused(
        "NetworkAclEntryAlreadyExists",
        "create-" + entry + "-1 --rule-action allow --cidr-block 0.0.0.0/0");
    ok(
        "replace-"
            + entry
            + "58 --rule-action deny --icmp-type-code Type=-1,Code=-1"
            + " --ipv6-cidr-block 2001:DB8::/32");
    refused(
        "InvalidParameterValue",
        "replace-" + entry + "-1 --rule-action deny --ipv6-cidr-block 2001:DB8::/129");
    assertEquals(
        "101\t58\tdeny\t2001:db8::/32\tNone\n32767\t-1\tdeny\tNone\t0.0.0.0/0",
        text(
            "describe-network-acls --filters Name=entry.ipv6-cidr,Values=2001:db8::/32",
            "NetworkAcls[0].Entries[?Egress]"
                + ".[RuleNumber,Protocol,RuleAction,Ipv6CidrBlock,CidrBlock]"));
  }

  @Test
  void subnetsChangeTheirNetworkAcl() {
    String vpc = vpc();
    String subnet = subnet(vpc);
    String acl = text("create-network-acl --vpc-id " + vpc, "NetworkAcl.NetworkAclId");
    String association =
        text(
            "describe-network-acls --filters Name=association.subnet-id,Values=" + subnet,
            "NetworkAcls[0].Associations[0].NetworkAclAssociationId");
    String next =
        text(
            "replace-network-acl-association --association-id "
                + association
                + " --network-acl-id "
                + acl,
            "NewAssociationId");
    refused(
        "InvalidAssociationID.NotFound",
        "replace-network-acl-association --association-id "
            + association
            + " --network-acl-id "
            + acl);
    assertTrue(next.startsWith("aclassoc-"));
    refused("DependencyViolation", "delete-network-acl --network-acl-id " + acl);
    ok("delete-subnet --subnet-id " + subnet);
    ok("delete-network-acl --network-acl-id " + acl);
    refused("InvalidNetworkAclID.NotFound", "delete-network-acl --network-acl-id " + acl);
  }
}
