package dev.esteira.acceptance;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One machine through all calls that there are for one, each with what it changes. */
@Tag("system")
class InstanceTest {
  private static final Duration LIMIT = Duration.ofMinutes(6);

  private final TestHouse house = TestHouse.shared();
  private final String name = "i" + Long.toString(System.nanoTime() & 0xffffff, 36);

  @TempDir Path directory;

  /** What every step begins with: a check that says what was found, and a way into the machine. */
  private static final String WORDS =
      """
      set -euo pipefail
      is() { [ "$1" = "$2" ] || { echo "found '$1', wanted '$2'" >&2; exit 1; }; }
      ask() { aws ec2 "$@" --output text; }
      inside() { $ESTEIRA instance shell $ID -- "$@"; }
      imds() { inside curl -s "http://169.254.169.254/latest/meta-data/$1"; }
      refused() {
        if aws ec2 "${@:2}" > refused 2>&1; then echo "not refused: $*" >&2; exit 1; fi
        grep -q "($1)" refused || { cat refused >&2; exit 1; }
      }
      [ ! -f id ] || ID=$(cat id)
      """;

  private void bash(String script) {
    house
        .client(directory)
        .with("G", name)
        .with("ESTEIRA", TestHouse.ROOT.resolve("esteira").toString())
        .bash(LIMIT, WORDS + script)
        .orFail();
  }

  @Test
  void oneMachineThroughItsLife() {
    bash(KEYS);
    bash(PROFILE);
    bash(LAUNCH);
    bash(ROLE);
    bash(SETTINGS);
    bash(ADDRESSES);
    bash(DISK);
    bash(STOPPED);
    bash(IMAGE);
    bash(END);
  }

  private static final String KEYS =
      """
      aws ec2 create-key-pair --key-name $G --query KeyMaterial --output text > key
      chmod 600 key && ssh-keygen -y -f key > key.pub
      aws ec2 import-key-pair --key-name $G-ssh --public-key-material fileb://key.pub
      openssl rsa -in key -pubout 2>/dev/null | sed '1d;$d' > key.der
      aws ec2 import-key-pair --key-name $G-der --public-key-material fileb://key.der
      is "$(ask describe-key-pairs --filters "Name=key-name,Values=$G*" \
        --query 'length(KeyPairs)')" 3
      is "$(ask describe-key-pairs --key-names $G-ssh --query 'KeyPairs[0].KeyFingerprint')" \
        "$(ask describe-key-pairs --key-names $G-der --query 'KeyPairs[0].KeyFingerprint')"
      """;

  private static final String PROFILE =
      """
      trust='{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},'
      trust+='"Action":"sts:AssumeRole"}]}'
      aws iam create-role --role-name $G-role --assume-role-policy-document "$trust"
      aws iam create-instance-profile --instance-profile-name $G
      aws iam add-role-to-instance-profile --instance-profile-name $G --role-name $G-role
      """;

  private static final String LAUNCH =
      """
      image=$(ask describe-images --owners amazon --query 'Images[0].ImageId')
      is "$(ask describe-image-attribute --image-id $image --attribute launchPermission \
        --query 'LaunchPermissions[0].Group')" all
      refused InvalidParameterValue run-instances --image-id $image --instance-type t3.micro \
        --iam-instance-profile Name=$G-nobody
      ID=$(ask run-instances --image-id $image --instance-type t3.micro --key-name $G \
        --user-data '#!/bin/sh
      echo hello from $0' --query 'Instances[0].InstanceId')
      echo $ID > id
      aws ec2 wait instance-running --instance-ids $ID
      aws ec2 wait instance-status-ok --instance-ids $ID
      is "$(ask describe-instance-status --instance-ids $ID \
        --query 'InstanceStatuses[0].[InstanceState.Name,InstanceStatus.Status]')" "running	ok"
      is "$(ask describe-instance-types --instance-types t3.micro \
        --query 'InstanceTypes[0].VCpuInfo.DefaultVCpus')" 2
      is "$(ask describe-instance-type-offerings --filters Name=instance-type,Values=t3.micro \
        --query 'InstanceTypeOfferings[0].InstanceType')" t3.micro
      ask describe-instance-attribute --instance-id $ID --attribute userData \
        --query UserData.Value | base64 -d | grep -q 'hello from'
      is "$(ask get-launch-template-data --instance-id $ID \
        --query LaunchTemplateData.KeyName)" $G
      for i in $(seq 100); do
        aws ec2 get-console-output --instance-id $ID --output text | grep -q 'hello from' && break
        sleep 0.3
      done
      aws ec2 get-console-output --instance-id $ID --output text | grep 'hello from'
      """;

  private static final String ROLE =
      """
      imds iam/security-credentials/ | grep -q 404
      aws ec2 associate-iam-instance-profile --instance-id $ID --iam-instance-profile Name=$G
      is "$(imds iam/security-credentials/)" $G-role
      inside aws sts get-caller-identity --query Arn --output text | grep -q $ID
      association=$(ask describe-iam-instance-profile-associations \
        --filters Name=instance-id,Values=$ID \
        --query 'IamInstanceProfileAssociations[0].AssociationId')
      refused IncorrectState associate-iam-instance-profile --instance-id $ID \
        --iam-instance-profile Name=$G
      aws iam create-instance-profile --instance-profile-name $G-empty
      aws ec2 replace-iam-instance-profile-association --association-id $association \
        --iam-instance-profile Name=$G-empty
      imds iam/security-credentials/ | grep -q 404
      aws ec2 disassociate-iam-instance-profile --association-id $association
      imds iam/info | grep -q 404
      """;

  private static final String SETTINGS =
      """
      aws ec2 modify-instance-metadata-options --instance-id $ID --http-tokens required
      imds instance-id | grep -q 401
      aws ec2 modify-instance-metadata-options --instance-id $ID --http-tokens optional
      is "$(imds instance-id)" $ID
      aws ec2 modify-instance-attribute --instance-id $ID --disable-api-termination
      refused OperationNotPermitted terminate-instances --instance-ids $ID
      aws ec2 modify-instance-attribute --instance-id $ID --no-disable-api-termination
      group=$(ask create-security-group --group-name $G --description x --query GroupId)
      card=$(ask describe-network-interfaces --filters Name=attachment.instance-id,Values=$ID \
        --query 'NetworkInterfaces[0].NetworkInterfaceId')
      aws ec2 modify-network-interface-attribute --network-interface-id $card --groups $group
      is "$(ask describe-instances --instance-ids $ID \
        --query 'Reservations[0].Instances[0].SecurityGroups[].GroupName')" $G
      is "$(imds security-groups)" $G
      inside touch /run/before
      aws ec2 reboot-instances --instance-ids $ID
      for i in $(seq 100); do inside test ! -e /run/before && break; sleep 0.3; done
      inside test ! -e /run/before
      """;

  private static final String ADDRESSES =
      """
      allocation=$(ask allocate-address --query AllocationId)
      association=$(ask associate-address --instance-id $ID --allocation-id $allocation \
        --query AssociationId)
      is "$(ask describe-addresses-attribute --allocation-ids $allocation \
        --query 'Addresses[0].PublicIp')" "$(imds public-ipv4)"
      aws ec2 disassociate-address --association-id $association
      is "$(ask describe-addresses --allocation-ids $allocation \
        --query 'Addresses[0].InstanceId')" None
      aws ec2 release-address --allocation-id $allocation
      """;

  private static final String DISK =
      """
      disk=$(ask describe-instances --instance-ids $ID --query \
        'Reservations[0].Instances[0].BlockDeviceMappings[0].Ebs.VolumeId')
      is "$(ask describe-volumes --volume-ids $disk \
        --query 'Volumes[0].[Attachments[0].InstanceId, State]')" "$ID	in-use"
      is "$(ask describe-volumes --filters Name=attachment.instance-id,Values=$ID \
        --query 'Volumes[0].VolumeId')" $disk
      is "$(ask describe-instance-credit-specifications --instance-ids $ID \
        --query 'InstanceCreditSpecifications[0].InstanceId')" $ID
      refused InvalidVolume.NotFound describe-volumes --volume-ids vol-00000000000000000
      aws ec2 create-tags --resources $disk --tags Key=Name,Value=$G-disk
      is "$(ask describe-volumes --filters Name=tag:Name,Values=$G-disk \
        --query 'Volumes[0].[VolumeId,Size,VolumeType]')" "$disk\t8\tgp2"
      """;

  private static final String STOPPED =
      """
      refused IncorrectInstanceState modify-instance-attribute --instance-id $ID \
        --instance-type Value=t3.small
      aws ec2 stop-instances --instance-ids $ID
      aws ec2 wait instance-stopped --instance-ids $ID
      aws ec2 modify-instance-attribute --instance-id $ID --instance-type Value=t3.small
      aws ec2 start-instances --instance-ids $ID
      aws ec2 wait instance-running --instance-ids $ID
      is "$(imds instance-type)" t3.small
      """;

  private static final String IMAGE =
      """
      image=$(ask create-image --instance-id $ID --name $G --query ImageId)
      aws ec2 wait image-available --image-ids $image
      snapshot=$(ask describe-images --image-ids $image \
        --query 'Images[0].BlockDeviceMappings[0].Ebs.SnapshotId')
      is "$(ask describe-snapshots --owner-ids self --filters Name=snapshot-id,Values=$snapshot \
        --query 'Snapshots[].[State,Progress]')" "completed\t100%"
      refused InvalidSnapshot.InUse delete-snapshot --snapshot-id $snapshot
      aws ec2 deregister-image --image-id $image
      aws ec2 delete-snapshot --snapshot-id $snapshot
      refused InvalidSnapshot.NotFound describe-snapshots --snapshot-ids $snapshot
      refused InvalidAMIID.NotFound describe-images --image-ids $image
      """;

  private static final String END =
      """
      aws ec2 terminate-instances --instance-ids $ID
      aws ec2 wait instance-terminated --instance-ids $ID
      for key in $G $G-ssh $G-der; do aws ec2 delete-key-pair --key-name $key; done
      refused InvalidKeyPair.NotFound describe-key-pairs --key-names $G
      aws ec2 delete-security-group --group-name $G
      aws iam remove-role-from-instance-profile --instance-profile-name $G --role-name $G-role
      aws iam delete-instance-profile --instance-profile-name $G
      aws iam delete-instance-profile --instance-profile-name $G-empty
      aws iam delete-role --role-name $G-role
      """;
}
