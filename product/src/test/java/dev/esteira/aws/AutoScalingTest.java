package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The members of Auto Scaling groups under the real command lines. */
@Tag("system")
class AutoScalingTest extends AutoScalingCalls {
  @Test
  void keepsMembersAndTellsOfThem() throws Exception {
    group(1, 3);
    String id = inService(1);

    ok("set-desired-capacity --auto-scaling-group-name web --desired-capacity 2");
    inService(2);
    house.instances.userTerminates(id);
    String two = await(() -> inService(2), ids -> !ids.contains(id));

    assertEquals(
        "2",
        text(
            "describe-auto-scaling-groups --auto-scaling-group-name web",
            "AutoScalingGroups[0].Instances[?LifecycleState=='InService'] | length(@)"));
    assertEquals(
        "web",
        text(
            "describe-auto-scaling-groups",
            "AutoScalingGroups[?contains(Tags[?Key=='Name'].Value,'web')].AutoScalingGroupName"));
    assertEquals(
        "lc\t1\t3\t2\tEC2\t0\t300\tDefault",
        text(
            "describe-auto-scaling-groups --filters Name=tag:Name,Values=web",
            "AutoScalingGroups[0].[LaunchConfigurationName,MinSize,MaxSize,DesiredCapacity,"
                + "HealthCheckType,HealthCheckGracePeriod,DefaultCooldown,"
                + "TerminationPolicies[0]]"));
    String member = two.split("\t")[0];
    String[] columns =
        ok("describe-auto-scaling-instances --output text --instance-ids " + member)
            .strip()
            .split("\t");
    assertEquals(List.of("AUTOSCALINGINSTANCES", "web"), List.of(columns).subList(0, 2));
    assertEquals(member, columns[4]);
    assertEquals(
        "web",
        text(
            "describe-auto-scaling-instances",
            "AutoScalingInstances[?InstanceId=='" + member + "'].AutoScalingGroupName"));
    assertEquals(
        List.of("web", "hello"),
        List.of(
            house.instances.instance(member).orElseThrow().tags().get("Name"),
            new String(
                    house.instances.instance(member).orElseThrow().template().userData(),
                    StandardCharsets.UTF_8)
                .substring(15, 20)));
    assertFalse(house.instances.instance(member).orElseThrow().tags().containsKey("own"));
  }

  @Test
  void tellsItsStoryInActivities() throws Exception {
    group(1, 1);
    String id = inService(1);
    house.instances.userTerminates(id);
    await(() -> inService(1), ids -> !ids.contains(id));

    JsonNode story =
        Json.parse(
                await(
                    () -> ok("describe-scaling-activities --auto-scaling-group-name web"),
                    json -> !json.contains("InProgress") && json.contains("unhealthy")))
            .path("Activities");

    assertEquals(3, story.size());
    // Which of the two began first is the machine's business
    String ends = "Terminating EC2 instance: " + id;
    List<String> latest = new ArrayList<>();
    latest.add(story.path(0).path("Description").asText());
    latest.add(story.path(1).path("Description").asText());
    assertTrue(latest.remove(ends), latest.toString());
    assertTrue(latest.getFirst().startsWith("Launching a new EC2 instance: i-"), latest.getFirst());
    assertTrue(
        story
            .path(2)
            .path("Cause")
            .asText()
            .contains(
                "a user request created an AutoScalingGroup changing the desired capacity"
                    + " from 0 to 1."));
    assertEquals("Successful", story.path(2).path("StatusCode").asText());
    assertEquals(100, story.path(2).path("Progress").asInt());
  }

  @Test
  void deletesByForceAndForgets() throws Exception {
    group(1, 2);
    inService(1);

    ok("delete-auto-scaling-group --auto-scaling-group-name web --force-delete");

    await(() -> text("describe-auto-scaling-groups", "length(AutoScalingGroups)"), "0"::equals);
    ok("delete-launch-configuration --launch-configuration-name lc");
    assertEquals("0", text("describe-launch-configurations", "length(LaunchConfigurations)"));
    refusedSaying(
        "ValidationError",
        "not found",
        "describe-scaling-activities --auto-scaling-group-name web");
    assertEquals(
        "2",
        text(
            "describe-scaling-activities --auto-scaling-group-name web --include-deleted-groups",
            "length(Activities)"));
  }

  @Test
  void takesMembersOutAndIn() throws Exception {
    group(0, 3);
    ok(
        "update-auto-scaling-group --auto-scaling-group-name web --min-size 0 --max-size 3"
            + " --desired-capacity 2 --default-cooldown 60");
    String[] ids = inService(2).split("\t");

    assertEquals(
        "Moving EC2 instance to Standby: " + ids[0],
        text(
            "enter-standby --auto-scaling-group-name web --should-decrement-desired-capacity"
                + " --instance-ids "
                + ids[0],
            "Activities[0].Description"));
    assertEquals(
        "Standby",
        text(
            "describe-auto-scaling-instances --instance-ids " + ids[0],
            "AutoScalingInstances[0].LifecycleState"));
    ok("exit-standby --auto-scaling-group-name web --instance-ids " + ids[0]);
    inService(2);
    ok(
        "detach-instances --auto-scaling-group-name web --should-decrement-desired-capacity"
            + " --instance-ids "
            + ids[0]);
    inService(1);
    ok("attach-instances --auto-scaling-group-name web --instance-ids " + ids[0]);
    inService(2);
    ok(
        "set-instance-protection --auto-scaling-group-name web --protected-from-scale-in"
            + " --instance-ids "
            + ids[0]);
    ok("set-desired-capacity --auto-scaling-group-name web --desired-capacity 1");
    assertEquals(ids[0], inService(1));
    ok("set-instance-health --instance-id " + ids[0] + " --health-status Unhealthy");
    String next = await(() -> inService(1), id -> !id.equals(ids[0]));
    assertEquals(
        "Terminating EC2 instance: " + next,
        text(
            "terminate-instance-in-auto-scaling-group --should-decrement-desired-capacity"
                + " --instance-id "
                + next,
            "Activity.Description"));
    inService(0);
  }

  @Test
  void refreshesByJsonAndByShorthand() throws Exception {
    group(2, 2);
    String before = inService(2);

    String id =
        text(
            "start-instance-refresh --auto-scaling-group-name web --preferences"
                + " MinHealthyPercentage=50,InstanceWarmup=0",
            "InstanceRefreshId");
    await(
        () ->
            text(
                "describe-instance-refreshes --auto-scaling-group-name web"
                    + " --instance-refresh-ids "
                    + id,
                "InstanceRefreshes[0].Status"),
        "Successful"::equals);
    String after = inService(2);
    for (String each : before.split("\t")) {
      assertFalse(after.contains(each));
    }
    ok(
        "start-instance-refresh --auto-scaling-group-name web --strategy Rolling --preferences",
        "{\"MinHealthyPercentage\": 100, \"InstanceWarmup\": 0, \"SkipMatching\": true}");
    assertEquals(
        "100\tSuccessful",
        await(
            () ->
                text(
                    "describe-instance-refreshes --auto-scaling-group-name web",
                    "InstanceRefreshes[0].[PercentageComplete,Status]"),
            text -> text.endsWith("Successful")));
    assertEquals(after, inService(2));
  }

  @Test
  void hooksWait() throws Exception {
    group(0, 1);
    ok(
        "put-lifecycle-hook --auto-scaling-group-name web --lifecycle-hook-name boot"
            + " --lifecycle-transition autoscaling:EC2_INSTANCE_LAUNCHING"
            + " --heartbeat-timeout 300 --default-result ABANDON");
    assertEquals(
        "boot\t300\t30000\tABANDON",
        text(
            "describe-lifecycle-hooks --auto-scaling-group-name web",
            "LifecycleHooks[0].[LifecycleHookName,HeartbeatTimeout,GlobalTimeout,DefaultResult]"));
    ok("set-desired-capacity --auto-scaling-group-name web --desired-capacity 1");
    String id =
        await(
            () ->
                text(
                    "describe-auto-scaling-groups",
                    "AutoScalingGroups[0].Instances[?LifecycleState=='Pending:Wait'].InstanceId"),
            text -> text.startsWith("i-"));
    ok(
        "record-lifecycle-action-heartbeat --auto-scaling-group-name web"
            + " --lifecycle-hook-name boot --instance-id "
            + id);
    ok(
        "complete-lifecycle-action --auto-scaling-group-name web --lifecycle-hook-name boot"
            + " --lifecycle-action-result CONTINUE --instance-id "
            + id);
    assertEquals(id, inService(1));
    refusedSaying(
        "ValidationError",
        "No active Lifecycle Action found with instance ID " + id,
        "complete-lifecycle-action --auto-scaling-group-name web --lifecycle-hook-name boot"
            + " --lifecycle-action-result CONTINUE --instance-id "
            + id);
    ok("delete-lifecycle-hook --auto-scaling-group-name web --lifecycle-hook-name boot");
  }

  @Test
  void aRefreshIsTakenBack() throws Exception {
    group(1, 1);
    inService(1);
    aws.ok(
        program,
        key,
        "ec2 create-launch-template --launch-template-name next --launch-template-data",
        "{\"ImageId\":\"ami-2\",\"InstanceType\":\"t3.micro\"}");
    house.instances.slow(true);
    // An older client has no word for going back
    boolean rolls = isLatest();
    ok(
        "start-instance-refresh --auto-scaling-group-name web --preferences"
            + " {\"InstanceWarmup\":0} --desired-configuration"
            + " {\"LaunchTemplate\":{\"LaunchTemplateName\":\"next\",\"Version\":\"$Latest\"}}");
    String begun =
        await(
            () ->
                text(
                    "describe-auto-scaling-groups",
                    "AutoScalingGroups[0].Instances[?LifecycleState=='Pending'].InstanceId"),
            text -> text.startsWith("i-"));
    ok(
        (rolls ? "rollback-instance-refresh" : "cancel-instance-refresh")
            + " --auto-scaling-group-name web");
    house.instances.slow(false);
    house.instances.run(begun);

    assertEquals(
        rolls ? "RollbackSuccessful" : "Cancelled",
        await(
            () ->
                text(
                    "describe-instance-refreshes --auto-scaling-group-name web",
                    "InstanceRefreshes[0].Status"),
            state -> List.of("RollbackSuccessful", "Cancelled").contains(state)));
    assertEquals(
        "lc", text("describe-auto-scaling-groups", "AutoScalingGroups[0].LaunchConfigurationName"));
    inService(1);
  }
}
