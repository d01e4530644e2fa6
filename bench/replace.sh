#!/usr/bin/env bash
# How long an Auto Scaling group takes to have a machine in service again, after three ends of the one it had: the AWS
# CLI terminates it; its init is killed; its nginx is killed, so that the load balancer finds it ill (two checks, five
# seconds apart, the shortest that there is) and a new one passes its first check.
# Beside each, a script that does it by hand with the same image in the same engine: `docker rm -f` and `docker run`, or
# Docker's own health check with the same interval, until nginx answers inside. It decides and records nothing, and has no
# address, firewall or load balancer; the unit that waits for an address at boot is masked for it.
. "$(dirname "$0")/lib.sh"
need docker:docker.io curl:curl python3:python3
house
name=bench-$RANDOM
token=$(cat "$ESTEIRA_HOME/keys/admin-token")
console=$(python3 -c "import json; print(json.load(open('$ESTEIRA_HOME/endpoints.json'))['console'])")
ask() { aws "$@" --output text; }
image=$(ask ec2 describe-images --owners amazon --query 'Images[0].ImageId')

# A group behind a load balancer.
vpc=$(ask ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[0].VpcId')
subnets=$(ask ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[].SubnetId')
security=$(ask ec2 create-security-group --group-name $name --description bench --query GroupId)
at_end "aws ec2 delete-security-group --group-id $security"
aws ec2 authorize-security-group-ingress --group-id "$security" --protocol tcp --port 80 --cidr 0.0.0.0/0 > /dev/null
targets=$(ask elbv2 create-target-group --name $name --protocol HTTP --port 80 --vpc-id "$vpc" --query 'TargetGroups[0].TargetGroupArn' \
  --health-check-interval-seconds 5 --health-check-timeout-seconds 2 --healthy-threshold-count 2 --unhealthy-threshold-count 2)
at_end "aws elbv2 delete-target-group --target-group-arn $targets"
aws elbv2 modify-target-group-attributes --target-group-arn "$targets" \
  --attributes Key=deregistration_delay.timeout_seconds,Value=0 > /dev/null
# shellcheck disable=SC2086
balancer=$(ask elbv2 create-load-balancer --name $name --subnets $subnets --security-groups "$security" \
  --query 'LoadBalancers[0].LoadBalancerArn')
at_end "aws elbv2 delete-load-balancer --load-balancer-arn $balancer"
aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 \
  --default-actions "Type=forward,TargetGroupArn=$targets" > /dev/null
aws autoscaling create-launch-configuration --launch-configuration-name $name --image-id "$image" --instance-type t3.micro \
  --security-groups "$security"
at_end "aws autoscaling delete-launch-configuration --launch-configuration-name $name"
at_end "sleep 15"
at_end "aws autoscaling delete-auto-scaling-group --auto-scaling-group-name $name --force-delete"
aws autoscaling create-auto-scaling-group --auto-scaling-group-name $name --launch-configuration-name $name --min-size 1 \
  --max-size 1 --vpc-zone-identifier "${subnets//$'\t'/,}" --target-group-arns "$targets" --health-check-type ELB \
  --health-check-grace-period 0

# The member in service whose target is healthy, or nothing. By the REST door, because the AWS CLI takes a third of a second.
member() {
  curl -s --noproxy '*' -u "x:$token" "$console/api/v1/group?name=$name" | python3 -c '
import json, sys
print(*[m["instance"] for m in json.load(sys.stdin).get("members", []) if m["state"] == "InService" and m["health"] == "Healthy"])'
}
healthy() { [ "$(ask elbv2 describe-target-health --target-group-arn "$targets" --targets "Id=$1" --query 'TargetHealthDescriptions[0].TargetHealth.State')" = healthy ]; }
# Until there is one that is not this: another KNOWN
another() {
  local id end=$(($(now) + 120000000000))
  while [ "$(now)" -lt $end ]; do
    id=$(member)
    if [ -n "$id" ] && [ "$id" != "$1" ]; then return 0; fi
  done
  return 1
}
# Until there is another that the load balancer serves.
another_healthy() {
  another "$1" || return 1
  local end=$(($(now) + 120000000000))
  while [ "$(now)" -lt $end ]; do healthy "$(member)" && return 0; done
  return 1
}
pids() { find /sys/fs/cgroup -path "*$1*" -name cgroup.procs -exec cat {} + | sort -nu; }
kill_nginx() { for pid in $(pids "$1"); do [ "$(cat "/proc/$pid/comm" 2> /dev/null)" != nginx ] || kill -9 "$pid" 2> /dev/null || true; done; }
terminate() { aws ec2 terminate-instances --instance-ids "$1" > /dev/null && another "$1"; }
kill_init() { kill -9 "$(pids "$1" | head -n 1)" && another "$1"; }
make_ill() { kill_nginx "$1" && another_healthy "$1"; }

# By hand.
raw="unix://$(readlink -f "$ESTEIRA_HOME/engine/docker.sock")"
engine() { docker -H "$raw" "$@"; }
another "" || { echo "the group never had a machine" >&2; exit 1; }
base=$(engine inspect --format '{{.Image}}' "$(engine ps -q --filter "label=dev.esteira.instance" | head -n 1)")
at_end "engine rm -f $name"
start_by_hand() {
  engine rm -f $name > /dev/null 2>&1 || true
  engine run -d --name $name --network none --tmpfs /run --tmpfs /run/lock -v /sys/fs/cgroup:/sys/fs/cgroup:ro \
    -v /dev/null:/etc/systemd/system/esteira-boot.service:ro \
    --health-cmd 'curl -fs -o /dev/null localhost' --health-interval 5s --health-timeout 2s --health-retries 2 \
    --stop-signal SIGRTMIN+3 "$base"
  local end=$(($(now) + 120000000000))
  while [ "$(now)" -lt $end ]; do engine exec $name curl -fs -o /dev/null localhost && return 0; done
  return 1
}
heal_by_hand() {
  local end=$(($(now) + 120000000000))
  engine exec $name pkill -9 nginx
  while [ "$(engine inspect --format '{{.State.Health.Status}}' $name)" != unhealthy ]; do
    [ "$(now)" -lt $end ] || return 1
  done
  start_by_hand
}
served() { another_healthy "" || { echo "no machine is served" >&2; exit 1; }; }
for _ in $(seq "$rounds"); do
  served
  timed "$scratch/terminated" terminate "$(member)"
  timed "$scratch/hand" start_by_hand
  served
  timed "$scratch/killed" kill_init "$(member)"
  timed "$scratch/hand2" start_by_hand
  served
  timed "$scratch/ill" make_ill "$(member)"
  timed "$scratch/healed" heal_by_hand
done
report "terminate-instances to replacement in service" ms "$scratch/terminated" "$scratch/hand" "docker rm and run by hand, until nginx answers"
report "kill -9 of init to replacement in service" ms "$scratch/killed" "$scratch/hand2" "docker rm and run by hand, until nginx answers"
report "kill -9 of nginx to replacement served" ms "$scratch/ill" "$scratch/healed" "docker's health check and docker run by hand"
