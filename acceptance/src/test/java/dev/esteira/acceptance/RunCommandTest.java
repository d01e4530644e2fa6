package dev.esteira.acceptance;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that delivery jobs run in machines by Systems Manager. */
@Tag("system")
class RunCommandTest {
  private static final Duration LIMIT = Duration.ofMinutes(6);

  private final TestHouse house = TestHouse.shared();
  private final String name = "r" + Long.toString(System.nanoTime() & 0xffffff, 36);

  @TempDir Path directory;

  private static final String WORDS =
      """
      set -euo pipefail
      is() { [ "$1" = "$2" ] || { echo "found '$1', wanted '$2'" >&2; exit 1; }; }
      refused() {
        if aws ssm "${@:2}" > refused 2>&1; then echo "not refused: $*" >&2; exit 1; fi
        grep -q "($1)" refused || { cat refused >&2; exit 1; }
      }
      send() {
        aws ssm send-command --document-name AWS-RunShellScript --query Command.CommandId \
          --output text "$@"
      }
      got() {
        aws ssm get-command-invocation --command-id $1 --instance-id $ID --query "$2" --output text
      }
      ended() {
        for i in $(seq 600); do
          state=$(got $1 Status)
          [ "$state" = InProgress ] || break
          sleep 0.2
        done
      }
      [ ! -f id ] || ID=$(cat id)
      """;

  private void bash(String script) {
    house.client(directory).with("G", name).bash(LIMIT, WORDS + script).orFail();
  }

  @Test
  void scriptsRunInMachines() {
    bash(LAUNCH);
    bash(RUNS);
    bash(FAILS);
    bash(TARGETS);
    // What runs while the house is killed is found again.
    bash("send --instance-ids $ID --parameters 'commands=[\"sleep 5\",\"echo later\"]' > command");
    house.killProcess();
    house.up();
    bash(AFTER_THE_KILL);
    bash(END);
  }

  private static final String LAUNCH =
      """
      trust='{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},'
      trust+='"Action":"sts:AssumeRole"}]}'
      aws iam create-role --role-name $G --assume-role-policy-document "$trust"
      aws iam attach-role-policy --role-name $G \
        --policy-arn arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore
      aws iam create-instance-profile --instance-profile-name $G
      aws iam add-role-to-instance-profile --instance-profile-name $G --role-name $G
      image=$(aws ec2 describe-images --owners amazon --query 'Images[0].ImageId' --output text)
      aws ec2 run-instances --image-id $image --instance-type t3.micro --count 1 \
        --iam-instance-profile Name=$G --query 'Instances[0].InstanceId' --output text \
        --tag-specifications "ResourceType=instance,Tags=[{Key=Name,Value=$G}]" > id
      aws ec2 run-instances --image-id $image --instance-type t3.micro --count 1 \
        --query 'Instances[0].InstanceId' --output text > other
      aws ec2 wait instance-running --instance-ids $(cat id other)
      """;

  private static final String RUNS =
      """
      is "$(aws ssm describe-instance-information --filters Key=InstanceIds,Values=$ID \
        --query 'InstanceInformationList[0].[PingStatus,PlatformType]' --output text)" \
        "Online\tLinux"
      id=$(send --instance-ids $ID --comment 'a first one' --parameters \
        'commands=["cd /tmp","echo out $(whoami) $(pwd)","echo err >&2",
          "docker version > /dev/null",
          "aws sts get-caller-identity --query Account --output text > account"]')
      aws ssm wait command-executed --command-id $id --instance-id $ID
      is "$(got $id '[Status,ResponseCode,StandardOutputContent,StandardErrorContent]')" \
        "Success\t0\tout root /tmp
      \terr"
      is "$(aws ssm list-command-invocations --command-id $id --details \
        --query 'CommandInvocations[].CommandPlugins[].{Status:Status,Output:Output}' \
        --output json | python3 -c \
        'import json, sys; p = json.load(sys.stdin)[0]; print(p["Status"], p["Output"])')" \
        "Success out root /tmp

      ----------ERROR-------
      err"
      is "$(aws ssm list-commands --command-id $id --output text --query \
        'Commands[0].[Status,Comment,TargetCount,CompletedCount,ErrorCount]')" \
        "Success\ta first one\t1\t1\t0"
      id=$(send --instance-ids $ID --parameters \
        '{"commands":["#!/bin/bash","a=(x y)","echo ${a[1]} $(pwd) $(cat account)"],
          "workingDirectory":["/tmp"]}')
      ended $id
      is "$(got $id StandardOutputContent)" \
        "y /tmp $(aws sts get-caller-identity --query Account --output text)"
      """;

  private static final String FAILS =
      """
      id=$(send --instance-ids $ID --parameters 'commands=["echo so far","exit 3"]')
      ended $id
      is "$(got $id '[Status,ResponseCode,StandardErrorContent]')" \
        "Failed\t3\tfailed to run commands: exit status 3"
      if aws ssm wait command-executed --command-id $id --instance-id $ID; then exit 1; fi
      id=$(send --instance-ids $ID --parameters 'commands=["sleep 600"],executionTimeout=["1"]')
      ended $id
      is "$(got $id '[Status,StatusDetails]')" "TimedOut\tExecutionTimedOut"
      id=$(send --instance-ids $ID --parameters 'commands=["exec sleep 601"]')
      aws ssm cancel-command --command-id $id
      ended $id
      is "$(got $id Status)" Cancelled
      for i in $(seq 40); do
        id=$(send --instance-ids $ID --parameters \
          'commands=["pgrep -x -f \\"sleep 601\\" || echo none"]')
        ended $id
        [ "$(got $id StandardOutputContent)" != none ] || break
        sleep 0.2
      done
      is "$(got $id StandardOutputContent)" none
      refused InvalidInstanceId send-command --document-name AWS-RunShellScript \
        --instance-ids $(cat other) --parameters commands=id
      grep -q 'no instance profile' refused
      refused InvalidInstanceId send-command --document-name AWS-RunShellScript \
        --instance-ids i-00000000000000000 --parameters commands=id
      refused InvalidDocument send-command --document-name AWS-RunPatchBaseline --instance-ids $ID
      refused InvalidParameters send-command --document-name AWS-RunShellScript --instance-ids $ID
      refused InvocationDoesNotExist get-command-invocation --command-id $id \
        --instance-id $(cat other)
      """;

  private static final String TARGETS =
      """
      id=$(send --targets Key=tag:Name,Values=$G --parameters commands=hostname)
      ended $id
      is "$(got $id Status)" Success
      id=$(send --targets Key=tag:Name,Values=nobody-$G --parameters commands=hostname)
      is "$(aws ssm list-commands --command-id $id --output text --query \
        'Commands[0].[Status,StatusDetails,TargetCount]')" "Success\tNoInstancesInTag\t0"
      """;

  private static final String AFTER_THE_KILL =
      """
      id=$(cat command)
      ended $id
      is "$(got $id '[Status,StandardOutputContent]')" "Success\tlater"
      """;

  private static final String END =
      """
      aws ec2 terminate-instances --instance-ids $(cat id other)
      aws ec2 wait instance-terminated --instance-ids $(cat id other)
      refused InvalidInstanceId send-command --document-name AWS-RunShellScript \
        --instance-ids $ID --parameters commands=id
      """;
}
