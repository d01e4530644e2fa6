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

/** The network calls of EC2 under the real command lines. */
@Tag("system")
class Ec2NetworkTest {
  private static final String UNSUPPORTED = "UnsupportedOperation";
  static final List<String> PROGRAMS = TestingAws.PROGRAMS;

  @TempDir Path directory;
  private TestingAws aws;
  private Access.AwsKey key;

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

  private String text(String program, String line, String query) {
    return aws.ok(program, key, "ec2 " + line, "--query", query, "--output", "text").strip();
  }

  private void ok(String program, String line, String... more) {
    aws.ok(program, key, "ec2 " + line, more);
  }

  private void refused(String program, String code, String line, String... more) {
    Commands.Result result = aws.aws(program, key, "ec2 " + line, more);
    assertFalse(result.ok(), line);
    assertTrue(result.output().contains("(" + code + ")"), line + ": " + result.output());
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void makesFindsAndDeletesVpcs(String program) {
    String standard =
        text(
            program,
            "describe-vpcs --filters Name=is-default,Values=true",
            "Vpcs[].[CidrBlock,State]");

    String id =
        text(
            program,
            "create-vpc --cidr-block 10.1.2.3/16 --tag-specifications"
                + " ResourceType=vpc,Tags=[{Key=Name,Value=blue},{Key=team,Value=a}]",
            "Vpc.VpcId");

    assertEquals("172.31.0.0/16\tavailable", standard);
    assertEquals(
        id,
        text(
            program,
            "describe-vpcs --filters Name=tag:Name,Values=b?u*" + " Name=cidr,Values=10.1.0.0/16",
            "Vpcs[].VpcId"));
    assertEquals(
        "", text(program, "describe-vpcs --filters Name=tag:Name,Values=green", "Vpcs[].VpcId"));
    refused(program, "InvalidParameterValue", "describe-vpcs --filters Name=nonsense,Values=1");
    refused(program, "InvalidVpcID.NotFound", "describe-vpcs --vpc-ids vpc-12345678");
    refused(program, "InvalidVpcID.Malformed", "describe-vpcs --vpc-ids subnet-1");
    refused(program, "InvalidVpc.Range", "create-vpc --cidr-block 10.0.0.0/8");
    refused(program, "DryRunOperation", "delete-vpc --dry-run --vpc-id " + id);
    assertEquals(
        2, text(program, "describe-vpcs --page-size 5", "Vpcs[].VpcId").split("\t").length);
    aws.ok(program, key, "ec2 delete-vpc --vpc-id " + id);
    refused(program, "InvalidVpcID.NotFound", "delete-vpc --vpc-id " + id);
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void setsAndRemovesTags(String program) {
    String id = text(program, "create-vpc --cidr-block 10.1.0.0/16", "Vpc.VpcId");

    aws.ok(
        program, key, "ec2 create-tags --resources " + id + " --tags Key=a,Value=1 Key=b,Value=");
    aws.ok(program, key, "ec2 delete-tags --resources " + id + " --tags Key=a,Value=2");
    refused(
        program,
        "InvalidVpcID.NotFound",
        "create-tags --tags Key=x,Value=y --resources vpc-1 " + id);
    refused(
        program, "InvalidParameterValue", "create-tags --tags Key=aws:x,Value=y --resources " + id);

    assertEquals(
        "a\t" + id + "\tvpc\t1",
        text(
            program,
            "describe-tags --filters Name=resource-id,Values=" + id + " Name=key,Values=a",
            "Tags[].[Key,ResourceId,ResourceType,Value]"));
    aws.ok(program, key, "ec2 delete-tags --resources " + id + " --tags Key=a");
    assertEquals("b", text(program, "describe-vpcs --vpc-ids " + id, "Vpcs[].Tags[].Key"));
    aws.ok(program, key, "ec2 delete-tags --resources " + id);
    assertEquals("None", text(program, "describe-vpcs --vpc-ids " + id, "Vpcs[0].Tags"));
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void refusesStrangersAndWhatIsNotSupported(String program) {
    Access.AwsKey wrong = new Access.AwsKey(key.accessKeyId(), "wrong", key.principal());

    assertTrue(aws.aws(program, wrong, "ec2 describe-vpcs").output().contains("(AuthFailure)"));
    refused(program, "InvalidAction", "describe-fleets");
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void natGatewaysHaveAnElasticAddressOfTheirOwn(String program) {
    String vpc = text(program, "create-vpc --cidr-block 10.0.0.0/16", "Vpc.VpcId");
    String subnet =
        text(program, "create-subnet --cidr-block 10.0.1.0/24 --vpc-id " + vpc, "Subnet.SubnetId");
    String create = "create-nat-gateway --subnet-id " + subnet + " --allocation-id ";

    refused(program, "InvalidAllocationID.NotFound", create + "eipalloc-2");
    String nat = text(program, create + "eipalloc-1", "NatGateway.NatGatewayId");
    refused(program, "Resource.AlreadyAssociated", create + "eipalloc-1");

    assertEquals(
        "available\t10.77.1.9",
        text(
            program,
            "describe-nat-gateways --nat-gateway-ids " + nat,
            "NatGateways[].[State,NatGatewayAddresses[0].PublicIp]"));
    ok(program, "delete-nat-gateway --nat-gateway-id " + nat);
    ok(program, create + "eipalloc-1");
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void whatNeedsIpv6OrPrefixListsIsRefused(String program) {
    String vpc = text(program, "create-vpc --cidr-block 10.0.0.0/16", "Vpc.VpcId");
    String group =
        text(
            program,
            "create-security-group --group-name six --description x --vpc-id " + vpc,
            "GroupId");
    String rules = "authorize-security-group-ingress --group-id " + group + " --ip-permissions";

    refused(
        program,
        UNSUPPORTED,
        "create-vpc --cidr-block 10.9.0.0/16 --amazon-provided-ipv6-cidr-block");
    refused(program, UNSUPPORTED, rules, "IpProtocol=-1,PrefixListIds=[{PrefixListId=pl-1}]");
    refused(
        program,
        UNSUPPORTED,
        "create-subnet --vpc-id "
            + vpc
            + " --cidr-block 10.0.1.0/24 --ipv6-cidr-block 2001:db8::/64");
    ok(program, "create-vpc --cidr-block 10.9.0.0/16 --no-amazon-provided-ipv6-cidr-block");
    ok(program, rules, "IpProtocol=-1,Ipv6Ranges=[{CidrIpv6=::/0}]");
  }
}
