package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group keeps one machine in service, whatever ends the one it has. */
@Tag("system")
class GroupTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration BOOT_LIMIT = Duration.ofMinutes(6);

  private final TestHouse house = TestHouse.shared();
  private final String name = "g" + Long.toString(System.nanoTime() & 0xffffff, 36);

  @TempDir Path directory;

  private String bash(String script) {
    return house.client(directory).with("G", name).bash(BOOT_LIMIT, script).orFail().strip();
  }

  /** Waits for one member in service that is none of these. */
  private String other(Set<String> known) {
    String id =
        bash(
            """
            for i in $(seq 600); do
              id=$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names $G \
                --output text \
                --query "AutoScalingGroups[0].Instances[?LifecycleState=='InService'].InstanceId")
              case " %s " in *" $id "*) ;; *) echo $id; exit 0 ;; esac
              sleep 0.3
            done
            exit 1
            """
                .formatted(String.join(" ", known) + "  "));
    assertTrue(id.matches("i-[0-9a-f]{17}"), id);
    assertTrue(known.add(id), id);
    return id;
  }

  private void create(String more) {
    bash(
        """
        set -e
        image=$(aws ec2 describe-images --owners amazon --query 'Images[0].ImageId' --output text)
        aws autoscaling create-launch-configuration --launch-configuration-name $G \
          --image-id $image --instance-type t3.micro
        aws autoscaling create-auto-scaling-group --auto-scaling-group-name $G \
          --launch-configuration-name $G --min-size 1 --max-size 1 \
          --availability-zones us-east-1a us-east-1b \
          --tags Key=Name,Value=$G,PropagateAtLaunch=true %s
        """
            .formatted(more));
  }

  /** kill -9, from the machine's point of view from outside. */
  private void kill(String id, String process) {
    bash(
        """
        for file in $(find /sys/fs/cgroup/ -path "*%s*" -name cgroup.procs); do
          for pid in $(cat $file); do
            if [ "$(cat /proc/$pid/comm 2>/dev/null)" = %s ]; then kill -9 $pid; killed=1; fi
          done
        done
        [ -n "$killed" ]
        """
            .formatted(id, process));
  }

  private String stories() {
    return bash("aws autoscaling describe-scaling-activities --auto-scaling-group-name $G");
  }

  /** What AWS says of its own, also after each of these, is one machine that runs. */
  private void oneRuns(String id) {
    assertEquals(
        id,
        bash(
            "aws ec2 describe-instances --filters Name=tag:Name,Values=$G"
                + " Name=instance-state-name,Values=pending,running"
                + " --query 'Reservations[*].Instances[*].InstanceId' --output text"));
  }

  private void delete() {
    bash(
        """
        aws autoscaling delete-auto-scaling-group --auto-scaling-group-name $G --force-delete
        for i in $(seq 300); do
          [ "$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names $G \
            --query 'length(AutoScalingGroups)')" = 0 ] && exit 0
          sleep 0.2
        done
        exit 1
        """);
    bash("aws autoscaling delete-launch-configuration --launch-configuration-name $G");
    assertEquals(
        "",
        bash(
            "aws ec2 describe-instances --filters Name=tag:Name,Values=$G"
                + " Name=instance-state-name,Values=pending,running"
                + " --query 'Reservations[*].Instances[*].InstanceId' --output text"));
  }

  @Test
  void whateverEndsTheMachineAnotherOneComes() {
    // Given a group that keeps one machine
    Set<String> known = new TreeSet<>();
    create("");
    String first = other(known);

    // When a pipeline terminates it, in the words that scripts use
    assertTrue(
        bash("aws ec2 terminate-instances --output text --instance-id " + first)
            .contains("shutting-down"));
    String second = other(known);
    // When its init is killed
    kill(second, "systemd");
    String third = other(known);
    // When the house is killed while the replacement begins
    bash("aws ec2 terminate-instances --instance-ids " + third);
    house.killProcess();
    house.up();
    String fourth = other(known);

    // Then there is one machine, and the group tells why
    oneRuns(fourth);
    String stories = stories();
    assertTrue(stories.contains("indicating it has been terminated or stopped"), stories);
    assertTrue(stories.contains("unhealthy instance needing to be replaced"), stories);
    delete();
  }

  @Test
  void theReplacementComesFirstAndTakesTheAddressWhenTheGroupWantsIt() {
    // Given a group with the option, and a machine with a fixed address
    Set<String> known = new TreeSet<>();
    create("Key=esteira:terminate,Value=replace-first,PropagateAtLaunch=false");
    String first = other(known);
    String allocation = bash("aws ec2 allocate-address --query AllocationId --output text");
    bash("aws ec2 associate-address --instance-id " + first + " --allocation-id " + allocation);

    // When it is terminated by the unmodified call
    String answer = bash("aws ec2 terminate-instances --output text --instance-ids " + first);

    // Then the call answers as ever, and the address follows to the machine that came
    assertTrue(answer.contains("shutting-down"), answer);
    String second = other(known);
    bash(
        "for i in $(seq 200); do [ \"$(aws ec2 describe-instances --instance-ids "
            + first
            + " --query 'Reservations[0].Instances[0].State.Name' --output text)\" = terminated ]"
            + " && exit 0; sleep 0.2; done; exit 1");
    oneRuns(second);
    assertEquals(
        second,
        bash(
            "aws ec2 describe-addresses --allocation-ids "
                + allocation
                + " --query 'Addresses[0].InstanceId' --output text"));
    delete();
    bash("aws ec2 release-address --allocation-id " + allocation);
  }

  @Test
  void aMachineWhoseNginxIsDeadIsReplaced() {
    // Given a group behind a load balancer
    Set<String> known = new TreeSet<>();
    String target = balancer();
    createWithTarget(target);
    String first = other(known);
    healthy(target, first);

    // When nginx is killed
    kill(first, "nginx");

    // Then a machine that answers takes its place
    String second = other(known);
    healthy(target, second);
    oneRuns(second);
    assertTrue(stories().contains("ELB system health check failure"));
    delete();
    bash(
        "aws elbv2 delete-load-balancer --load-balancer-arn $(aws elbv2 describe-load-balancers"
            + " --names $G --query 'LoadBalancers[0].LoadBalancerArn' --output text)");
    bash("aws elbv2 delete-target-group --target-group-arn " + target);
  }

  private String balancer() {
    return bash(
        """
        set -e
        vpc=$(aws ec2 describe-vpcs --filters Name=is-default,Values=true \
          --query 'Vpcs[0].VpcId' --output text)
        subnets=$(aws ec2 describe-subnets --filters Name=vpc-id,Values=$vpc \
          --query 'Subnets[].SubnetId' --output text)
        sg=$(aws ec2 create-security-group --group-name $G --description web --vpc-id $vpc \
          --query GroupId --output text)
        aws ec2 authorize-security-group-ingress --group-id $sg --protocol tcp --port 80 \
          --cidr 0.0.0.0/0 >/dev/null
        tg=$(aws elbv2 create-target-group --name $G --protocol HTTP --port 80 --vpc-id $vpc \
          --health-check-interval-seconds 5 --health-check-timeout-seconds 2 \
          --healthy-threshold-count 2 --unhealthy-threshold-count 2 \
          --query 'TargetGroups[0].TargetGroupArn' --output text)
        aws elbv2 modify-target-group-attributes --target-group-arn $tg \
          --attributes Key=deregistration_delay.timeout_seconds,Value=1 >/dev/null
        lb=$(aws elbv2 create-load-balancer --name $G --subnets $subnets --security-groups $sg \
          --query 'LoadBalancers[0].LoadBalancerArn' --output text)
        aws elbv2 create-listener --load-balancer-arn $lb --protocol HTTP --port 80 \
          --default-actions Type=forward,TargetGroupArn=$tg >/dev/null
        echo $tg
        """);
  }

  private void createWithTarget(String target) {
    bash(
        """
        set -e
        image=$(aws ec2 describe-images --owners amazon --query 'Images[0].ImageId' --output text)
        sg=$(aws ec2 describe-security-groups --filters Name=group-name,Values=$G \
          --query 'SecurityGroups[0].GroupId' --output text)
        aws autoscaling create-launch-configuration --launch-configuration-name $G \
          --image-id $image --instance-type t3.micro --security-groups $sg
        aws autoscaling create-auto-scaling-group --auto-scaling-group-name $G \
          --launch-configuration-name $G --min-size 1 --max-size 1 --target-group-arns %s \
          --availability-zones us-east-1a us-east-1b --health-check-type ELB \
          --health-check-grace-period 30 --tags Key=Name,Value=$G,PropagateAtLaunch=true
        """
            .formatted(target));
  }

  private void healthy(String target, String id) {
    house
        .client(directory)
        .bash(
            MINUTE.multipliedBy(2),
            """
            for i in $(seq 200); do
              state=$(aws elbv2 describe-target-health --target-group-arn %s --output text \
                --query "TargetHealthDescriptions[?Target.Id=='%s'].TargetHealth.State")
              [ "$state" = healthy ] && exit 0
              sleep 0.3
            done
            aws elbv2 describe-target-health --target-group-arn %s >&2
            exit 1
            """
                .formatted(target, id, target))
        .orFail();
  }
}
