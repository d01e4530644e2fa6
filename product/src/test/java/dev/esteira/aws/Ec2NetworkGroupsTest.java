package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Security groups and their rules under the real command lines. */
@Tag("system")
class Ec2NetworkGroupsTest extends Ec2NetworkCalls {
  private String group(String name, String vpc) {
    return text(
        "create-security-group --description x --vpc-id " + vpc + " --group-name " + name,
        "GroupId");
  }

  @Test
  void securityGroups() {
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
    if (isLatest()) {
      assertEquals(
          "default\tweb",
          text(
              "get-security-groups-for-vpc --vpc-id " + vpc,
              "sort(SecurityGroupForVpcs[].GroupName)"));
    }
  }

  @Test
  void permissionsOfGroupsAndRanges() {
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

  @Test
  void singleRules() {
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
}
