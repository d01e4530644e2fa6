package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Subnets, the network that is there from the beginning, and what else networks consist of under
 * the real command lines.
 */
@Tag("system")
class Ec2NetworkSubnetsTest extends Ec2NetworkCalls {
  @Test
  void subnets() {
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

  @Test
  void theDefaultNetworkIsMadeAgain() {
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

  @Test
  void placesAndInterfaces() {
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
