package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import dev.esteira.fleet.PublicAddresses;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Subnets, groups, ACLs, routes and gateways under the real command lines. */
@Tag("system")
class Ec2NetworkCallsTest {
  static final List<String> PROGRAMS = TestingAws.PROGRAMS;

  @TempDir Path directory;
  private TestingAws aws;
  private Access.AwsKey key;
  private String program = "";

  @BeforeEach
  void start() {
    aws = new TestingAws(directory);
    key = aws.access.adminKey();
    aws.allocations.add(
        new PublicAddresses.Address("eipalloc-1", "10.77.1.9", Optional.empty(), Map.of()));
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private String text(String line, String query, String... more) {
    List<String> all = new java.util.ArrayList<>(List.of(more));
    all.addAll(List.of("--query", query, "--output", "text"));
    return aws.ok(program, key, "ec2 " + line, all.toArray(String[]::new)).strip();
  }

  private void ok(String line, String... more) {
    aws.ok(program, key, "ec2 " + line, more);
  }

  private void refused(String code, String line, String... more) {
    Commands.Result result = aws.aws(program, key, "ec2 " + line, more);
    assertFalse(result.ok(), line);
    assertTrue(result.output().contains("(" + code + ")"), line + ": " + result.output());
  }

  private String vpc() {
    return text("create-vpc --cidr-block 10.0.0.0/16", "Vpc.VpcId");
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void subnets(String aws) {
    program = aws;
    String vpc = vpc();
    assertEquals(
        "172.31.0.0/20\tus-east-1a\tTrue\tTrue\n172.31.16.0/20\tus-east-1b\tTrue\tTrue\n"
            + "172.31.32.0/20\tus-east-1c\tTrue\tTrue",
        text(
            "describe-subnets --filters Name=default-for-az,Values=true",
            "sort_by(Subnets,&CidrBlock)[].[CidrBlock,AvailabilityZone,DefaultForAz,"
                + "MapPublicIpOnLaunch]"));
    String subnet =
        text(
            "create-subnet --vpc-id "
                + vpc
                + " --cidr-block 10.0.1.0/24"
                + " --availability-zone us-east-1b --tag-specifications"
                + " ResourceType=subnet,Tags=[{Key=Name,Value=public}]",
            "Subnet.SubnetId");

    refused(
        "InvalidSubnet.Conflict", "create-subnet --vpc-id " + vpc + " --cidr-block 10.0.1.128/25");
    refused("InvalidSubnet.Range", "create-subnet --vpc-id " + vpc + " --cidr-block 10.1.0.0/24");
    refused(
        "InvalidParameterValue",
        "create-subnet --cidr-block 10.0.2.0/24 --availability-zone mars-1a --vpc-id " + vpc);
    refused("InvalidSubnetID.NotFound", "describe-subnets --subnet-ids subnet-12345678");
    ok("modify-subnet-attribute --map-public-ip-on-launch --subnet-id " + subnet);
    assertEquals(
        subnet + "\tTrue\t251",
        text(
            "describe-subnets --filters Name=vpc-id,Values=" + vpc + " Name=tag:Name,Values=public",
            "Subnets[].[SubnetId,MapPublicIpOnLaunch,AvailableIpAddressCount]"));
    refused("DependencyViolation", "delete-vpc --vpc-id " + vpc);
    ok("delete-subnet --subnet-id " + subnet);
    ok("delete-vpc --vpc-id " + vpc);
  }

  private String group(String name, String vpc) {
    return text(
        "create-security-group --description x --vpc-id " + vpc + " --group-name " + name,
        "GroupId");
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void securityGroups(String aws) {
    program = aws;
    String vpc = vpc();
    String web = group("web", vpc);
    String standard =
        text(
            "describe-security-groups --filters Name=group-name,Values=default"
                + " Name=vpc-id,Values="
                + vpc,
            "SecurityGroups[0].GroupId");
    String allow = "authorize-security-group-ingress --protocol tcp --port 80 --cidr 0.0.0.0/0";

    assertEquals(
        "tcp\t80\t80\t0.0.0.0/0",
        text(
            allow + " --group-id " + web,
            "SecurityGroupRules[].[IpProtocol,FromPort,ToPort,CidrIpv4]"));
    refused("InvalidPermission.Duplicate", allow + " --group-id " + web);
    refused(
        "InvalidGroup.Duplicate",
        "create-security-group --group-name web --description w --vpc-id " + vpc);
    refused(
        "InvalidPermission.NotFound",
        "revoke-security-group-ingress --protocol tcp --port 1 --cidr 0.0.0.0/0 --group-id " + web);
    ok("revoke-security-group-egress --protocol all --port all --cidr 0.0.0.0/0 --group-id " + web);
    String out = "IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=0.0.0.0/0}]";
    ok("authorize-security-group-egress --group-id " + web + " --ip-permissions", out);
    ok(
        "update-security-group-rule-descriptions-egress --group-id " + web + " --ip-permissions",
        "IpProtocol=tcp,FromPort=443,ToPort=443,"
            + "IpRanges=[{CidrIp=0.0.0.0/0,Description=updates}]");
    assertEquals(
        "443\tupdates",
        text(
            "describe-security-groups --filters Name=group-name,Values=web",
            "SecurityGroups[0].IpPermissionsEgress[].[ToPort,IpRanges[0].Description]"));
    ok("revoke-security-group-egress --group-id " + web + " --ip-permissions", out);
    listsGroups(vpc);
    assertEquals(
        "0",
        text(
            "describe-security-groups --group-ids " + web,
            "length(SecurityGroups[0].IpPermissionsEgress)"));
    refused("InvalidGroup.NotFound", "describe-security-groups --group-ids sg-0123456789abcdef0");
    refused("CannotDelete", "delete-security-group --group-id " + standard);
    ok("delete-security-group --group-id " + web);
  }

  /** An older client does not know the call. */
  private void listsGroups(String vpc) {
    if (program.equals(PROGRAMS.getLast())) {
      assertEquals(
          "default\tweb",
          text(
              "get-security-groups-for-vpc --vpc-id " + vpc,
              "sort(SecurityGroupForVpcs[].GroupName)"));
    }
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void permissionsOfGroupsAndRanges(String aws) {
    program = aws;
    String vpc = vpc();
    String web = group("web", vpc);
    String data = group("data", vpc);

    ok(
        "authorize-security-group-ingress --protocol tcp --port 5432 --source-group "
            + web
            + " --group-id "
            + data);
    ok(
        "authorize-security-group-ingress --group-id " + data + " --ip-permissions",
        "IpProtocol=icmp,FromPort=8,ToPort=-1,IpRanges=[{CidrIp=10.0.0.0/8,Description=echo}]",
        "IpProtocol=-1,UserIdGroupPairs=[{GroupId=" + data + "}]");

    assertEquals(
        "tcp\t5432\t" + web + "\nicmp\t8\tNone\n-1\tNone\t" + data,
        text(
            "describe-security-groups --group-ids " + data,
            "SecurityGroups[0].IpPermissions[].[IpProtocol,FromPort,UserIdGroupPairs[0].GroupId]"));
    assertEquals(
        data,
        text(
            "describe-security-groups --filters Name=ip-permission.group-id,Values=" + web,
            "SecurityGroups[].GroupId"));
    refused("DependencyViolation", "delete-security-group --group-id " + web);
    ok(
        "update-security-group-rule-descriptions-ingress --group-id " + data + " --ip-permissions",
        "IpProtocol=icmp,FromPort=8,ToPort=-1,IpRanges=[{CidrIp=10.0.0.0/8,Description=pings}]");
    assertEquals(
        "pings",
        text(
            "describe-security-groups --group-ids " + data,
            "SecurityGroups[0].IpPermissions[?IpProtocol=='icmp'].IpRanges[0].Description"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void singleRules(String aws) {
    program = aws;
    String web = group("web", vpc());
    String rule =
        text(
            "authorize-security-group-ingress --protocol tcp --port 5432 --source-group "
                + web
                + " --group-id "
                + web,
            "SecurityGroupRules[0].SecurityGroupRuleId");

    ok(
        "modify-security-group-rules --group-id " + web + " --security-group-rules",
        "SecurityGroupRuleId="
            + rule
            + ",SecurityGroupRule={IpProtocol=tcp,FromPort=3306,"
            + "ToPort=3306,ReferencedGroupId="
            + web
            + "}");
    ok("create-tags --tags Key=a,Value=b --resources " + rule);

    assertEquals(
        "3306\tb\t" + web,
        text(
            "describe-security-group-rules --security-group-rule-ids " + rule,
            "SecurityGroupRules[].[FromPort,Tags[0].Value,ReferencedGroupInfo.GroupId]"));
    ok("revoke-security-group-ingress --group-id " + web + " --security-group-rule-ids " + rule);
    assertEquals(
        "-1",
        text(
            "describe-security-group-rules --filters Name=group-id,Values=" + web,
            "SecurityGroupRules[].IpProtocol"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void networkAcls(String aws) {
    program = aws;
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

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void subnetsChangeTheirNetworkAcl(String aws) {
    program = aws;
    String vpc = vpc();
    String subnet =
        text("create-subnet --cidr-block 10.0.1.0/24 --vpc-id " + vpc, "Subnet.SubnetId");
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

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void routesAndGateways(String aws) {
    program = aws;
    String vpc = vpc();
    String subnet =
        text("create-subnet --cidr-block 10.0.1.0/24 --vpc-id " + vpc, "Subnet.SubnetId");
    String table = text("create-route-table --vpc-id " + vpc, "RouteTable.RouteTableId");
    String gateway = text("create-internet-gateway", "InternetGateway.InternetGatewayId");
    String route =
        "create-route --destination-cidr-block 0.0.0.0/0 --route-table-id "
            + table
            + " --gateway-id "
            + gateway;

    refused("InvalidParameterValue", route);
    ok("attach-internet-gateway --vpc-id " + vpc + " --internet-gateway-id " + gateway);
    refused(
        "Resource.AlreadyAssociated",
        "attach-internet-gateway --vpc-id " + vpc + " --internet-gateway-id " + gateway);
    assertEquals("True", text(route, "Return"));
    String association =
        text(
            "associate-route-table --subnet-id " + subnet + " --route-table-id " + table,
            "AssociationId");
    assertEquals(
        "10.0.0.0/16\tlocal\tactive\n0.0.0.0/0\t" + gateway + "\tactive",
        text(
            "describe-route-tables --filters Name=association.subnet-id,Values=" + subnet,
            "RouteTables[0].Routes[].[DestinationCidrBlock,GatewayId,State]"));
    assertEquals(
        gateway + "\tavailable",
        text(
            "describe-internet-gateways --filters Name=attachment.vpc-id,Values=" + vpc,
            "InternetGateways[].[InternetGatewayId,Attachments[0].State]"));
    replacesRoutes(subnet, table, gateway);
    ok("detach-internet-gateway --vpc-id " + vpc + " --internet-gateway-id " + gateway);
    assertEquals(
        "blackhole",
        text("describe-route-tables --route-table-ids " + table, "RouteTables[0].Routes[1].State"));
    ok("delete-route --destination-cidr-block 0.0.0.0/0 --route-table-id " + table);
    refused(
        "InvalidRoute.NotFound",
        "delete-route --destination-cidr-block 0.0.0.0/0 --route-table-id " + table);
    refused("DependencyViolation", "delete-route-table --route-table-id " + table);
    ok("disassociate-route-table --association-id " + association);
    refused(
        "InvalidAssociationID.NotFound",
        "disassociate-route-table --association-id " + association);
    ok("delete-internet-gateway --internet-gateway-id " + gateway);
  }

  private void replacesRoutes(String subnet, String table, String gateway) {
    String nat =
        text(
            "create-nat-gateway --allocation-id eipalloc-1 --subnet-id " + subnet,
            "NatGateway.NatGatewayId");
    String replace = "replace-route --destination-cidr-block 0.0.0.0/0 --route-table-id " + table;
    String shown = "RouteTables[0].Routes[1].[NatGatewayId,GatewayId,State]";
    String describe = "describe-route-tables --route-table-ids " + table;
    ok(replace + " --nat-gateway-id " + nat);
    assertEquals(nat + "\tNone\tactive", text(describe, shown));
    ok("delete-nat-gateway --nat-gateway-id " + nat);
    assertEquals(
        "deleted", text("describe-nat-gateways --nat-gateway-ids " + nat, "NatGateways[].State"));
    assertEquals(nat + "\tNone\tblackhole", text(describe, shown));
    ok(replace + " --gateway-id " + gateway);
    assertEquals("None\t" + gateway + "\tactive", text(describe, shown));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void theDefaultNetworkIsMadeAgain(String aws) {
    program = aws;
    String first = text("describe-vpcs --filters Name=is-default,Values=true", "Vpcs[0].VpcId");
    refused("DefaultVpcAlreadyExists", "create-default-vpc");
    for (String subnet :
        text("describe-subnets --filters Name=vpc-id,Values=" + first, "Subnets[].SubnetId")
            .split("\t")) {
      ok("delete-subnet --subnet-id " + subnet);
    }
    String gateway =
        text(
            "describe-internet-gateways --filters Name=attachment.vpc-id,Values=" + first,
            "InternetGateways[0].InternetGatewayId");
    ok("detach-internet-gateway --vpc-id " + first + " --internet-gateway-id " + gateway);
    ok("delete-vpc --vpc-id " + first);
    String next = text("create-default-vpc", "Vpc.VpcId");
    assertEquals(
        "3", text("describe-subnets --filters Name=vpc-id,Values=" + next, "length(Subnets)"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void anotherRouteTableBecomesTheMainOne(String aws) {
    program = aws;
    String vpc = vpc();
    String table = text("create-route-table --vpc-id " + vpc, "RouteTable.RouteTableId");
    String main =
        text(
            "describe-route-tables --filters Name=association.main,Values=true"
                + " Name=vpc-id,Values="
                + vpc,
            "RouteTables[0].Associations[0].RouteTableAssociationId");
    ok("replace-route-table-association --association-id " + main + " --route-table-id " + table);
    assertEquals(
        table,
        text(
            "describe-route-tables --filters Name=association.main,Values=true"
                + " Name=vpc-id,Values="
                + vpc,
            "RouteTables[].RouteTableId"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void placesAndInterfaces(String aws) {
    program = aws;

    assertEquals(
        "us-east-1a\tus-east-1b\tus-east-1c",
        text("describe-availability-zones", "AvailabilityZones[].ZoneName"));
    assertEquals(
        "eu-west-1b\teuw1-az2",
        text(
            "describe-availability-zones --region eu-west-1" + " --zone-names eu-west-1b",
            "AvailabilityZones[].[ZoneName,ZoneId]"));
    assertTrue(text("describe-regions", "Regions[].RegionName").contains("us-east-1"));
    assertEquals(
        "VPC",
        text(
            "describe-account-attributes --attribute-names supported-platforms",
            "AccountAttributes[0].AttributeValues[0].AttributeValue"));
    assertEquals("0", text("describe-network-interfaces", "length(NetworkInterfaces)"));
    String vpc = vpc();
    ok("modify-vpc-attribute --enable-dns-hostnames --vpc-id " + vpc);
    assertEquals(
        "True",
        text(
            "describe-vpc-attribute --attribute enableDnsHostnames --vpc-id " + vpc,
            "EnableDnsHostnames.Value"));
    assertEquals(
        "domain-name",
        text(
            "describe-dhcp-options",
            "sort_by(DhcpOptions[0]" + ".DhcpConfigurations,&Key)[0].Key"));
    refused(
        "InvalidNetworkInterfaceID.NotFound",
        "describe-network-interfaces --network-interface-ids eni-12345678");
  }
}
