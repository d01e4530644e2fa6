package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Awaiting;
import dev.esteira.base.Commands;
import dev.esteira.fleet.Instances;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Launch templates under the real command lines, and groups that launch from them. */
@Tag("system")
class Ec2LaunchTemplatesTest {
  static final List<String> PROGRAMS = TestingAws.PROGRAMS;

  @TempDir Path directory;
  private final TestingGroups house = new TestingGroups();
  private TestingAws aws;
  private Access.AwsKey key;

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

  private String text(String program, String line, String query) {
    return aws.ok(program, key, line, "--query", query, "--output", "text").strip();
  }

  private String create(String program) {
    return aws.ok(
            program,
            key,
            "ec2 create-launch-template --launch-template-name web --version-description first"
                + " --tag-specifications ResourceType=launch-template,Tags=[{Key=a,Value=1}]"
                + " --query LaunchTemplate.LaunchTemplateId --output text --launch-template-data",
            """
            {"ImageId":"ami-1","InstanceType":"t3.small","UserData":"aGVsbG8=",
             "IamInstanceProfile":{"Name":"role"},"MetadataOptions":{"HttpTokens":"required"},
             "NetworkInterfaces":[{"DeviceIndex":0,"Groups":["sg-1"]}],
             "TagSpecifications":[{"ResourceType":"instance",
               "Tags":[{"Key":"from","Value":"template"}]}]}\
            """)
        .strip();
  }

  private void refused(String program, String code, String line, String... more) {
    Commands.Result result = aws.aws(program, key, line, more);
    assertFalse(result.ok(), line);
    assertTrue(result.output().contains("(" + code + ")"), line + ": " + result.output());
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void keepsVersions(String program) {
    String id = create(program);
    refused(
        program,
        "InvalidLaunchTemplateName.AlreadyExistsException",
        "ec2 create-launch-template --launch-template-name web --launch-template-data",
        "{\"ImageId\":\"ami-2\"}");

    assertEquals(
        "2\tami-2\tt3.small\taGVsbG8=",
        aws.ok(
                program,
                key,
                "ec2 create-launch-template-version --launch-template-id "
                    + id
                    + " --source-version $Latest --launch-template-data ImageId=ami-2 --query",
                "LaunchTemplateVersion.[VersionNumber,LaunchTemplateData.ImageId,"
                    + "LaunchTemplateData.InstanceType,LaunchTemplateData.UserData]",
                "--output",
                "text")
            .strip());
    aws.ok(
        program, key, "ec2 modify-launch-template --launch-template-name web --default-version 2");

    assertEquals(
        "web\t2\t2\t1",
        text(
            program,
            "ec2 describe-launch-templates --launch-template-names web",
            "LaunchTemplates[0].[LaunchTemplateName,DefaultVersionNumber,LatestVersionNumber,"
                + "Tags[0].Value]"));
    showsAndDeletes(program);
  }

  private void showsAndDeletes(String program) {
    assertEquals(
        "2\t1",
        text(
            program,
            "ec2 describe-launch-template-versions --launch-template-name web",
            "LaunchTemplateVersions[].VersionNumber"));
    assertEquals(
        "sg-1\tfirst",
        text(
            program,
            "ec2 describe-launch-template-versions --launch-template-name web --versions 1",
            "LaunchTemplateVersions[0].[LaunchTemplateData.NetworkInterfaces[0].Groups[0],"
                + "VersionDescription]"));
    assertEquals(
        "1",
        text(
            program,
            "ec2 delete-launch-template-versions --launch-template-name web --versions 1 2",
            "SuccessfullyDeletedLaunchTemplateVersions[].VersionNumber"));
    refused(
        program,
        "InvalidLaunchTemplateId.VersionNotFound",
        "ec2 describe-launch-template-versions --launch-template-name web --versions 1");
    refused(
        program,
        "UnsupportedOperation",
        "ec2 create-launch-template --launch-template-name spot --launch-template-data",
        "{\"InstanceMarketOptions\":{\"MarketType\":\"spot\"}}");
    aws.ok(program, key, "ec2 delete-launch-template --launch-template-name web");
    refused(
        program,
        "InvalidLaunchTemplateName.NotFoundException",
        "ec2 describe-launch-templates --launch-template-names web");
  }

  @ParameterizedTest
  @FieldSource("PROGRAMS")
  void groupsLaunchFromTheLatest(String program) throws InterruptedException {
    create(program);
    aws.ok(
        program,
        key,
        "autoscaling create-auto-scaling-group --auto-scaling-group-name web --min-size 1"
            + " --max-size 1 --availability-zones us-east-1a"
            + " --launch-template LaunchTemplateName=web,Version=$Latest");

    Instances.Instance first = member();
    aws.ok(
        program,
        key,
        "ec2 create-launch-template-version --launch-template-name web --source-version 1"
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
        text(
            program,
            "autoscaling describe-auto-scaling-instances --instance-ids " + second.id(),
            "AutoScalingInstances[0].LaunchTemplate.[LaunchTemplateName,Version]"));
    assertEquals(
        "$Latest",
        text(
            program,
            "autoscaling describe-auto-scaling-groups",
            "AutoScalingGroups[0].LaunchTemplate.Version"));
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
