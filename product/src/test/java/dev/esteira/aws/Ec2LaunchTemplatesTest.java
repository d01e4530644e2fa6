package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import dev.esteira.fleet.Instances;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Launch templates under the real command lines, and groups that launch from them. */
@Tag("system")
class Ec2LaunchTemplatesTest extends AwsCalls {
  private final TestingGroups house = new TestingGroups();

  Ec2LaunchTemplatesTest() {
    super("ec2");
  }

  @BeforeEach
  void start() {
    aws = house.open(directory);
    key = aws.access.adminKey();
  }

  @AfterEach
  void stop() {
    aws.close();
    house.close();
  }

  /** What groups answer to a query. */
  private String ofGroups(String line, String query) {
    String said = aws.ok(program, key, "autoscaling " + line, "--query", query, "--output", "text");
    return said.strip();
  }

  private String create() {
    return ok(
        "create-launch-template --launch-template-name web --version-description first"
            + " --tag-specifications ResourceType=launch-template,Tags=[{Key=a,Value=1}]"
            + " --query LaunchTemplate.LaunchTemplateId --output text --launch-template-data",
        """
        {"ImageId":"ami-1","InstanceType":"t3.small","UserData":"aGVsbG8=",
         "IamInstanceProfile":{"Name":"role"},"MetadataOptions":{"HttpTokens":"required"},
         "NetworkInterfaces":[{"DeviceIndex":0,"Groups":["sg-1"]}],
         "TagSpecifications":[{"ResourceType":"instance",
           "Tags":[{"Key":"from","Value":"template"}]}]}\
        """);
  }

  @Test
  void keepsVersions() {
    String id = create();
    refused(
        "InvalidLaunchTemplateName.AlreadyExistsException",
        "create-launch-template --launch-template-name web --launch-template-data",
        "{\"ImageId\":\"ami-2\"}");

    assertEquals(
        "2\tami-2\tt3.small\taGVsbG8=",
        ok(
                "create-launch-template-version --launch-template-id "
                    + id
                    + " --source-version $Latest --launch-template-data ImageId=ami-2 --query",
                "LaunchTemplateVersion.[VersionNumber,LaunchTemplateData.ImageId,"
                    + "LaunchTemplateData.InstanceType,LaunchTemplateData.UserData]",
                "--output",
                "text")
            .strip());
    ok("modify-launch-template --launch-template-name web --default-version 2");

    assertEquals(
        "web\t2\t2\t1",
        text(
            "describe-launch-templates --launch-template-names web",
            "LaunchTemplates[0].[LaunchTemplateName,DefaultVersionNumber,LatestVersionNumber,"
                + "Tags[0].Value]"));
    showsAndDeletes();
  }

  private void showsAndDeletes() {
    assertEquals(
        "2\t1",
        text(
            "describe-launch-template-versions --launch-template-name web",
            "LaunchTemplateVersions[].VersionNumber"));
    assertEquals(
        "sg-1\tfirst",
        text(
            "describe-launch-template-versions --launch-template-name web --versions 1",
            "LaunchTemplateVersions[0].[LaunchTemplateData.NetworkInterfaces[0].Groups[0],"
                + "VersionDescription]"));
    assertEquals(
        "1",
        text(
            "delete-launch-template-versions --launch-template-name web --versions 1 2",
            "SuccessfullyDeletedLaunchTemplateVersions[].VersionNumber"));
    refused(
        "InvalidLaunchTemplateId.VersionNotFound",
        "describe-launch-template-versions --launch-template-name web --versions 1");
    refused(
        "UnsupportedOperation",
        "create-launch-template --launch-template-name spot --launch-template-data",
        "{\"InstanceMarketOptions\":{\"MarketType\":\"spot\"}}");
    ok("delete-launch-template --launch-template-name web");
    refused(
        "InvalidLaunchTemplateName.NotFoundException",
        "describe-launch-templates --launch-template-names web");
  }

  @Test
  void groupsLaunchFromTheLatest() throws InterruptedException {
    create();
    aws.ok(
        program,
        key,
        "autoscaling create-auto-scaling-group --auto-scaling-group-name web --min-size 1"
            + " --max-size 1 --availability-zones us-east-1a"
            + " --launch-template LaunchTemplateName=web,Version=$Latest");

    Instances.Instance first = member();
    ok(
        "create-launch-template-version --launch-template-name web --source-version 1"
            + " --launch-template-data ImageId=ami-2");
    house.instances.userTerminates(first.id());
    Instances.Instance second = member();

    assertEquals("ami-1", first.template().imageId());
    assertEquals("hello", new String(first.template().userData(), StandardCharsets.UTF_8));
    assertEquals("template", first.tags().get("from"));
    assertEquals(List.of("sg-1"), first.template().network().securityGroupIds());
    assertTrue(first.template().metadataTokensRequired());
    assertEquals("ami-2", second.template().imageId());
    assertEquals(
        "web\t2",
        ofGroups(
            "describe-auto-scaling-instances --instance-ids " + second.id(),
            "AutoScalingInstances[0].LaunchTemplate.[LaunchTemplateName,Version]"));
    assertEquals(
        "$Latest",
        ofGroups("describe-auto-scaling-groups", "AutoScalingGroups[0].LaunchTemplate.Version"));
  }

  /** The one that runs and is a member in service. */
  private Instances.Instance member() throws InterruptedException {
    return Awaiting.until(this::serving, Optional::isPresent).orElseThrow();
  }

  private Optional<Instances.Instance> serving() {
    return house.groups.group("web").orElseThrow().members().stream()
        .filter(m -> m.lifecycle().word().equals("InService") && m.health().healthy())
        .flatMap(m -> m.instanceId().stream())
        .flatMap(id -> house.instances.instance(id).stream())
        .filter(i -> i.state() == Instances.State.RUNNING)
        .findFirst();
  }
}
