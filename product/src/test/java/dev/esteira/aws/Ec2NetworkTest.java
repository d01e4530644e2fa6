package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The network calls of EC2 under the real command lines. */
@Tag("system")
class Ec2NetworkTest extends Ec2NetworkCalls {
  private static final String UNSUPPORTED = "UnsupportedOperation";

  @Test
  void makesFindsAndDeletesVpcs() {
    String standard =
        text("describe-vpcs --filters Name=is-default,Values=true", "Vpcs[].[CidrBlock,State]");

    String id =
        text(
            "create-vpc --cidr-block 10.1.2.3/16 --tag-specifications"
                + " ResourceType=vpc,Tags=[{Key=Name,Value=blue},{Key=team,Value=a}]",
            "Vpc.VpcId");

    assertEquals("172.31.0.0/16\tavailable", standard);
    assertEquals(
        id,
        text(
            "describe-vpcs --filters Name=tag:Name,Values=b?u*" + " Name=cidr,Values=10.1.0.0/16",
            "Vpcs[].VpcId"));
    assertEquals("", text("describe-vpcs --filters Name=tag:Name,Values=green", "Vpcs[].VpcId"));
    refused("InvalidParameterValue", "describe-vpcs --filters Name=nonsense,Values=1");
    refused("InvalidVpcID.NotFound", "describe-vpcs --vpc-ids vpc-12345678");
    refused("InvalidVpcID.Malformed", "describe-vpcs --vpc-ids subnet-1");
    refused("InvalidVpc.Range", "create-vpc --cidr-block 10.0.0.0/8");
    refused("DryRunOperation", "delete-vpc --dry-run --vpc-id " + id);
    assertEquals(2, text("describe-vpcs --page-size 5", "Vpcs[].VpcId").split("\t").length);
    ok("delete-vpc --vpc-id " + id);
    refused("InvalidVpcID.NotFound", "delete-vpc --vpc-id " + id);
  }

  @Test
  void setsAndRemovesTags() {
    String id = text("create-vpc --cidr-block 10.1.0.0/16", "Vpc.VpcId");

    ok("create-tags --resources " + id + " --tags Key=a,Value=1 Key=b,Value=");
    ok("delete-tags --resources " + id + " --tags Key=a,Value=2");
    refused("InvalidVpcID.NotFound", "create-tags --tags Key=x,Value=y --resources vpc-1 " + id);
    refused("InvalidParameterValue", "create-tags --tags Key=aws:x,Value=y --resources " + id);

    assertEquals(
        "a\t" + id + "\tvpc\t1",
        text(
            "describe-tags --filters Name=resource-id,Values=" + id + " Name=key,Values=a",
            "Tags[].[Key,ResourceId,ResourceType,Value]"));
    ok("delete-tags --resources " + id + " --tags Key=a");
    assertEquals("b", text("describe-vpcs --vpc-ids " + id, "Vpcs[].Tags[].Key"));
    ok("delete-tags --resources " + id);
    assertEquals("None", text("describe-vpcs --vpc-ids " + id, "Vpcs[0].Tags"));
  }

  @Test
  void refusesStrangersAndWhatIsNotSupported() {
    Access.AwsKey wrong = new Access.AwsKey(key.accessKeyId(), "wrong", key.principal());

    assertTrue(aws.aws(program, wrong, "ec2 describe-vpcs").output().contains("(AuthFailure)"));
    refused("InvalidAction", "describe-fleets");
  }

  @Test
  void natGatewaysHaveAnElasticAddressOfTheirOwn() {
    String vpc = vpc();
    String subnet = subnet(vpc);
    String create = "create-nat-gateway --subnet-id " + subnet + " --allocation-id ";

    refused("InvalidAllocationID.NotFound", create + "eipalloc-2");
    String nat = text(create + "eipalloc-1", "NatGateway.NatGatewayId");
    refused("Resource.AlreadyAssociated", create + "eipalloc-1");

    assertEquals(
        "available\t10.77.1.9",
        text(
            "describe-nat-gateways --nat-gateway-ids " + nat,
            "NatGateways[].[State,NatGatewayAddresses[0].PublicIp]"));
    ok("delete-nat-gateway --nat-gateway-id " + nat);
    ok(create + "eipalloc-1");
  }

  @Test
  void whatNeedsIpv6OrPrefixListsIsRefused() {
    String vpc = vpc();
    String group =
        text("create-security-group --group-name six --description x --vpc-id " + vpc, "GroupId");
    String rules = "authorize-security-group-ingress --group-id " + group + " --ip-permissions";

    refused(UNSUPPORTED, "create-vpc --cidr-block 10.9.0.0/16 --amazon-provided-ipv6-cidr-block");
    refused(UNSUPPORTED, rules, "IpProtocol=-1,PrefixListIds=[{PrefixListId=pl-1}]");
    refused(
        UNSUPPORTED,
        "create-subnet --vpc-id "
            + vpc
            + " --cidr-block 10.0.1.0/24 --ipv6-cidr-block 2001:db8::/64");
    ok("create-vpc --cidr-block 10.9.0.0/16 --no-amazon-provided-ipv6-cidr-block");
    ok(rules, "IpProtocol=-1,Ipv6Ranges=[{CidrIpv6=::/0}]");
  }

  @Test
  void whatCannotBeMadeIsNotThere() {
    for (String kind :
        List.of(
            "describe-vpc-endpoints",
            "describe-vpc-peering-connections",
            "describe-vpn-gateways",
            "describe-vpn-connections",
            "describe-customer-gateways",
            "describe-egress-only-internet-gateways",
            "describe-transit-gateway-vpc-attachments",
            "describe-flow-logs")) {
      assertEquals("0", text(kind, "length(*[0])"), kind);
    }
    refused(
        "InvalidVpcEndpointId.NotFound", "describe-vpc-endpoints --vpc-endpoint-ids vpce-12345678");
  }
}
