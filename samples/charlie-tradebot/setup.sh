#!/bin/bash
# Makes what the pipeline takes for granted: the image that its jobs run in, a fixed address, firewalls, a role for the
# machine, a machine image, and an Auto Scaling group that always keeps one machine. Running it again changes nothing that is there.
#
# Needs docker and the AWS CLI, and a deploy token of the group in REGISTRY_USER and REGISTRY_PASSWORD.
set -euo pipefail
cd "$(dirname "$0")"

NAME=charlie-tradebot
GROUP=charlie-bots
IMAGE=registry.gitlab.com/$GROUP/$NAME/tradebot
RUNNER=registry.gitlab.com/$GROUP/runner-image:latest

# Prints what a query finds, or nothing where the AWS CLI would say None.
ask() { aws "$@" --output text | sed 's/^None$//'; }

echo "The image that jobs run in: $RUNNER"
docker login registry.gitlab.com -u "$REGISTRY_USER" --password-stdin <<<"$REGISTRY_PASSWORD" 2>/dev/null
docker build -q -t "$RUNNER" runner-image
docker push -q "$RUNNER"

PUBLIC_IP=$(ask ec2 describe-addresses --filters "Name=tag:Name,Values=$NAME" --query 'Addresses[0].PublicIp')
if [ -z "$PUBLIC_IP" ]; then
  PUBLIC_IP=$(ask ec2 allocate-address --domain vpc --query PublicIp \
    --tag-specifications "ResourceType=elastic-ip,Tags=[{Key=Name,Value=$NAME}]")
fi
echo "The fixed address: $PUBLIC_IP"

VPC=$(ask ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[0].VpcId')
SECURITY_GROUP=$(ask ec2 describe-security-groups --filters "Name=group-name,Values=$NAME" "Name=vpc-id,Values=$VPC" \
  --query 'SecurityGroups[0].GroupId')
if [ -z "$SECURITY_GROUP" ]; then
  SECURITY_GROUP=$(ask ec2 create-security-group --group-name $NAME --description "Only HTTP comes in" --vpc-id "$VPC" \
    --query GroupId)
  aws ec2 authorize-security-group-ingress --group-id "$SECURITY_GROUP" --protocol tcp --port 80 --cidr 0.0.0.0/0 >/dev/null
fi
ACL=$(ask ec2 describe-network-acls --filters Name=default,Values=true "Name=vpc-id,Values=$VPC" \
  --query 'NetworkAcls[0].NetworkAclId')
aws ec2 create-network-acl-entry --network-acl-id "$ACL" --ingress --rule-number 50 --protocol tcp \
  --port-range From=23,To=23 --cidr-block 0.0.0.0/0 --rule-action deny 2>/dev/null || true
echo "The firewalls: security group $SECURITY_GROUP lets port 80 in, network ACL $ACL keeps telnet out at the border"

if ! aws iam get-instance-profile --instance-profile-name $NAME >/dev/null 2>&1; then
  aws iam create-role --role-name $NAME --assume-role-policy-document \
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >/dev/null
  aws iam put-role-policy --role-name $NAME --policy-name take-the-address --policy-document \
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:AssociateAddress","Resource":"*"}]}'
  aws iam create-instance-profile --instance-profile-name $NAME >/dev/null
  aws iam add-role-to-instance-profile --instance-profile-name $NAME --role-name $NAME
fi
echo "The role of the machine, which may take the address: $NAME"

MACHINE_IMAGE=$(ask ec2 describe-images --owners self --filters "Name=name,Values=$NAME" --query 'Images[0].ImageId')
if [ -z "$MACHINE_IMAGE" ]; then
  BASE=$(ask ec2 describe-images --owners amazon --query 'Images[0].ImageId')
  FILES=$(mktemp -d)
  trap 'rm -rf "$FILES"' EXIT
  cp machine/run_app.sh machine/charlie.service machine/nginx-site "$FILES"
  printf 'PUBLIC_IP=%q\nREGISTRY_USER=%q\nREGISTRY_PASSWORD=%q\nIMAGE=%q\n' \
    "$PUBLIC_IP" "$REGISTRY_USER" "$REGISTRY_PASSWORD" "$IMAGE" >"$FILES/charlie.env"
  tar cz -C "$FILES" run_app.sh charlie.service nginx-site charlie.env | base64 >"$FILES/files"
  sed -e "/@FILES@/{r $FILES/files" -e 'd}' machine/user-data.sh >"$FILES/user-data.sh"
  BUILDER=$(ask ec2 run-instances --image-id "$BASE" --instance-type t3.micro --user-data "file://$FILES/user-data.sh" \
    --tag-specifications "ResourceType=instance,Tags=[{Key=Name,Value=$NAME-builder}]" --query 'Instances[0].InstanceId')
  echo "The machine image: made of $BUILDER, once that has set itself up and switched itself off"
  # The waiter of the AWS CLI takes a machine that is still pending for a failure.
  for _ in $(seq 300); do
    STATE=$(ask ec2 describe-instances --instance-ids "$BUILDER" --query 'Reservations[0].Instances[0].State.Name')
    case $STATE in pending | running | stopping) sleep 1 ;; *) break ;; esac
  done
  [ "$STATE" = stopped ] || { echo "the machine $BUILDER is $STATE and not stopped" >&2; exit 1; }
  MACHINE_IMAGE=$(ask ec2 create-image --instance-id "$BUILDER" --name $NAME --query ImageId)
  aws ec2 wait image-available --image-ids "$MACHINE_IMAGE"
  aws ec2 terminate-instances --instance-ids "$BUILDER" >/dev/null
fi
echo "The machine image: $MACHINE_IMAGE"

# A launch configuration cannot be changed: one from before machines needed a role gets a successor, which the group's
# next machine is made from.
for CONFIGURATION in $NAME $NAME-with-role; do
  FOUND=$(ask autoscaling describe-launch-configurations --launch-configuration-names $CONFIGURATION \
    --query 'LaunchConfigurations[0].LaunchConfigurationName')
  [ -n "$FOUND" ] || aws autoscaling create-launch-configuration --launch-configuration-name $CONFIGURATION \
    --image-id "$MACHINE_IMAGE" --instance-type t3.micro --security-groups "$SECURITY_GROUP" --iam-instance-profile $NAME
  PROFILE=$(ask autoscaling describe-launch-configurations --launch-configuration-names $CONFIGURATION \
    --query 'LaunchConfigurations[0].IamInstanceProfile')
  [ -z "$PROFILE" ] || break
done
USED=$(ask autoscaling describe-auto-scaling-groups --auto-scaling-group-names $NAME \
  --query 'AutoScalingGroups[0].LaunchConfigurationName')
if [ -z "$USED" ]; then
  ZONE=$(ask ec2 describe-availability-zones --query 'AvailabilityZones[0].ZoneName')
  aws autoscaling create-auto-scaling-group --auto-scaling-group-name $NAME --launch-configuration-name $CONFIGURATION \
    --min-size 1 --max-size 1 --availability-zones "$ZONE" --tags "Key=Name,Value=$NAME,PropagateAtLaunch=true"
elif [ "$USED" != "$CONFIGURATION" ]; then
  aws autoscaling update-auto-scaling-group --auto-scaling-group-name $NAME --launch-configuration-name $CONFIGURATION
fi
echo "The group $NAME keeps one machine of it"
