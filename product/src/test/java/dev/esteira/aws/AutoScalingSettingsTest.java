package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What groups are told, and how they refuse, under the real command lines. */
@Tag("system")
class AutoScalingSettingsTest extends AutoScalingCalls {
  @Test
  void refusesInTheWordsOfAws() throws Exception {
    group(1, 2);
    inService(1);

    refusedSaying(
        "AlreadyExists",
        "AutoScalingGroup by this name already exists",
        "create-auto-scaling-group --auto-scaling-group-name web --launch-configuration-name lc"
            + " --min-size 0 --max-size 0 --availability-zones us-east-1a");
    refusedSaying(
        "ValidationError",
        "AutoScalingGroup name not found - ",
        "set-desired-capacity --auto-scaling-group-name none --desired-capacity 1");
    refusedSaying(
        "ValidationError",
        "New SetDesiredCapacity value 3 is above max value 2 for the AutoScalingGroup.",
        "set-desired-capacity --auto-scaling-group-name web --desired-capacity 3");
    refusedSaying(
        "ValidationError",
        "Launch configuration name not found - Launch configuration none not found",
        "update-auto-scaling-group --auto-scaling-group-name web --launch-configuration-name none");
    refusedSaying(
        "ValidationError",
        "Instance Id not found - No managed instance found",
        "terminate-instance-in-auto-scaling-group --instance-id i-1"
            + " --no-should-decrement-desired-capacity");
    refusedSaying(
        "ResourceInUse",
        "attached to an AutoScalingGroup",
        "delete-launch-configuration --launch-configuration-name lc");
    refusedSaying(
        "ResourceInUse",
        "You cannot delete an AutoScalingGroup while there are instances",
        "delete-auto-scaling-group --auto-scaling-group-name web");
    refusedSaying(
        "ActiveInstanceRefreshNotFound",
        "No in progress or pending Instance Refresh found",
        "cancel-instance-refresh --auto-scaling-group-name web");
    refusedSaying(
        "ValidationError",
        "At least one Availability Zone or VPC Subnet is required.",
        "create-auto-scaling-group --auto-scaling-group-name x --launch-configuration-name lc"
            + " --min-size 0 --max-size 0");
    refusedSaying(
        "ValidationError",
        "The subnet ID 'subnet-1' does not exist",
        "create-auto-scaling-group --auto-scaling-group-name x --launch-configuration-name lc"
            + " --min-size 0 --max-size 0 --vpc-zone-identifier subnet-1");
  }

  @Test
  void whatIsNotSupportedSaysSo() throws Exception {
    group(0, 1);
    Commands.Result metrics =
        aws.aws(
            program,
            key,
            "autoscaling enable-metrics-collection --auto-scaling-group-name web"
                + " --granularity 1Minute");
    assertTrue(metrics.output().contains("esteira does not support"), metrics.output());
  }

  @Test
  void schedulesActionsAndScalesByPolicies() throws Exception {
    group(0, 9);

    ok(
        "put-scheduled-update-group-action --auto-scaling-group-name web"
            + " --scheduled-action-name night --time-zone Europe/Lisbon --min-size 0 --max-size 9"
            + " --desired-capacity 1 --recurrence",
        "0 22 * * *");
    assertEquals(
        "night\t0 22 * * *\t1\tEurope/Lisbon",
        text(
            "describe-scheduled-actions --auto-scaling-group-name web",
            "ScheduledUpdateGroupActions[0].[ScheduledActionName,Recurrence,DesiredCapacity,"
                + "TimeZone]"));
    refusedSaying(
        "ValidationError",
        "is invalid",
        "put-scheduled-update-group-action --auto-scaling-group-name web"
            + " --scheduled-action-name bad --desired-capacity 1 --recurrence nonsense");
    ok("delete-scheduled-action --auto-scaling-group-name web --scheduled-action-name night");

    String arn =
        text(
            "put-scaling-policy --auto-scaling-group-name web --policy-name more"
                + " --scaling-adjustment 3 --adjustment-type ChangeInCapacity --cooldown 0",
            "PolicyARN");
    ok("execute-policy --auto-scaling-group-name web --policy-name more");
    inService(3);
    ok("delete-policy --policy-name " + arn);
    ok(
        "put-scaling-policy --auto-scaling-group-name web --policy-name cpu"
            + " --policy-type TargetTrackingScaling --target-tracking-configuration",
        "{\"TargetValue\":50.0,\"PredefinedMetricSpecification\":"
            + "{\"PredefinedMetricType\":\"ASGAverageCPUUtilization\"}}");
    assertEquals(
        "cpu\tTargetTrackingScaling\t50.0",
        text(
            "describe-policies --auto-scaling-group-name web",
            "ScalingPolicies[0].[PolicyName,PolicyType,TargetTrackingConfiguration.TargetValue]"));
  }

  @Test
  void tagsSuspendsAndAttachesTargets() throws Exception {
    group(0, 9);
    ok(
        "create-or-update-tags --tags ResourceId=web,ResourceType=auto-scaling-group,Key=team,"
            + "Value=a,PropagateAtLaunch=true");
    assertEquals(
        "web\ta",
        text("describe-tags --filters Name=key,Values=team", "Tags[0].[ResourceId,Value]"));
    ok("delete-tags --tags ResourceId=web,ResourceType=auto-scaling-group,Key=team");
    ok("suspend-processes --auto-scaling-group-name web --scaling-processes Launch Terminate");
    assertEquals(
        "Launch\tTerminate",
        text(
            "describe-auto-scaling-groups",
            "sort(AutoScalingGroups[0].SuspendedProcesses[].ProcessName)"));
    ok("resume-processes --auto-scaling-group-name web");
    assertEquals(
        "0",
        text("describe-auto-scaling-groups", "length(AutoScalingGroups[0].SuspendedProcesses)"));
    ok("attach-load-balancer-target-groups --auto-scaling-group-name web --target-group-arns a:b");
    assertEquals(
        "a:b",
        text(
            "describe-load-balancer-target-groups --auto-scaling-group-name web",
            "LoadBalancerTargetGroups[].LoadBalancerTargetGroupARN"));
    ok("detach-load-balancer-target-groups --auto-scaling-group-name web --target-group-arns a:b");
    assertEquals("1", text("describe-account-limits", "NumberOfAutoScalingGroups"));
    assertTrue(
        text("describe-termination-policy-types", "TerminationPolicyTypes").contains("Default"));
  }

  @Test
  void actsOnScheduleAndTakesManyActionsAtOnce() throws Exception {
    group(0, 9);
    String soon = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.SECONDS).toString();
    assertEquals(
        "bad",
        text(
            "batch-put-scheduled-update-group-action --auto-scaling-group-name web"
                + " --scheduled-update-group-actions"
                + " ScheduledActionName=soon,DesiredCapacity=2,StartTime="
                + soon
                + " ScheduledActionName=later,DesiredCapacity=3,StartTime=2099-01-01T00:00:00Z"
                + " ScheduledActionName=bad,DesiredCapacity=3,StartTime=2001-01-01T00:00:00Z",
            "FailedScheduledUpdateGroupActions[].ScheduledActionName"));
    inService(2);
    assertEquals(
        "none",
        text(
            "batch-delete-scheduled-action --auto-scaling-group-name web"
                + " --scheduled-action-names later none",
            "FailedScheduledActions[].ScheduledActionName"));
    assertEquals(
        "0",
        text(
            "describe-scheduled-actions --auto-scaling-group-name web",
            "length(ScheduledUpdateGroupActions)"));
  }

  @Test
  void aSuspendedLaunchWaitsForItsResumption() throws Exception {
    group(0, 1);
    ok("suspend-processes --auto-scaling-group-name web --scaling-processes Launch");
    ok("set-desired-capacity --auto-scaling-group-name web --desired-capacity 1");
    assertEquals("0", text("describe-auto-scaling-instances", "length(AutoScalingInstances)"));
    ok("resume-processes --auto-scaling-group-name web --scaling-processes Launch");
    inService(1);
  }

  @Test
  void trafficSourcesAreTargetGroups() throws Exception {
    group(0, 1);
    ok(
        "attach-traffic-sources --auto-scaling-group-name web --traffic-sources"
            + " Identifier=arn:tg/1");
    assertEquals(
        "arn:tg/1",
        text("describe-auto-scaling-groups", "AutoScalingGroups[0].TargetGroupARNs[0]"));
    assertEquals(
        "1",
        text(
            "describe-traffic-sources --auto-scaling-group-name web --traffic-source-type elbv2",
            "length(TrafficSources)"));
    ok(
        "detach-traffic-sources --auto-scaling-group-name web --traffic-sources"
            + " Identifier=arn:tg/1");
    assertEquals(
        "0",
        text(
            "describe-traffic-sources --auto-scaling-group-name web --traffic-source-type elbv2",
            "length(TrafficSources)"));
  }

  @Test
  void tellsWhatItKnows() {
    assertTrue(
        text("describe-adjustment-types", "AdjustmentTypes[].AdjustmentType")
            .contains("PercentChangeInCapacity"));
    assertTrue(
        text("describe-lifecycle-hook-types", "LifecycleHookTypes")
            .contains("autoscaling:EC2_INSTANCE_TERMINATING"));
    assertTrue(
        text("describe-scaling-process-types", "Processes[].ProcessName")
            .contains("ReplaceUnhealthy"));
  }
}
