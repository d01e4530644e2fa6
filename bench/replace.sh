#!/usr/bin/env bash
# An Auto Scaling group's machine, terminated by the AWS CLI, until its replacement is in service; and one whose nginx was
# killed, until the load balancer's group has a healthy one again. Beside both: the same image started by hand, `docker
# run` of a systemd machine until systemd says it runs, which nobody had to notice, decide or record.
. "$(dirname "$0")/lib.sh"
need docker:docker.io curl:curl python3:python3
house
name=bench-$RANDOM
token=$(cat "$ESTEIRA_HOME/keys/admin-token")
console=$(python3 -c "import json; print(json.load(open('$ESTEIRA_HOME/endpoints.json'))['console'])")
image=$(aws ec2 describe-images --owners amazon --query 'Images[0].ImageId' --output text)
aws autoscaling create-launch-configuration --launch-configuration-name $name --image-id "$image" --instance-type t3.micro
at_end "aws autoscaling delete-launch-configuration --launch-configuration-name $name"
at_end "sleep 15"
at_end "aws autoscaling delete-auto-scaling-group --auto-scaling-group-name $name --force-delete"
aws autoscaling create-auto-scaling-group --auto-scaling-group-name $name --launch-configuration-name $name \
  --min-size 1 --max-size 1 --availability-zones us-east-1a

# The member in service, or nothing.
member() {
  curl -s --noproxy '*' -u "x:$token" "$console/api/v1/group?name=$name" | python3 -c '
import json, sys
print(*[m["instance"] for m in json.load(sys.stdin).get("members", []) if m["state"] == "InService" and m["health"] == "Healthy"])'
}
# Until there is one that is not this: another KNOWN
another() {
  local id end=$(($(now) + 120000000000))
  while [ "$(now)" -lt $end ]; do
    id=$(member)
    if [ -n "$id" ] && [ "$id" != "$1" ]; then return 0; fi
  done
  return 1
}
terminate() { aws ec2 terminate-instances --instance-ids "$1" > /dev/null && another "$1"; }
killed() {
  local pid
  pid=$(find /sys/fs/cgroup -path "*$1*" -name cgroup.procs -exec cat {} + | sort -nu | head -n 1)
  kill -9 "$pid" && another "$1"
}

# The rival: the same machine image, started by hand in the same engine.
raw="unix://$(readlink -f "$ESTEIRA_HOME/engine/docker.sock")"
engine() { docker -H "$raw" "$@"; }
another ""
container=$(engine ps -q --filter "label=dev.esteira.instance" | head -n 1)
base=$(engine inspect --format '{{.Image}}' "$container")
at_end "engine rm -f $name"
by_hand() {
  engine run -d --name $name --network none --tmpfs /run --tmpfs /run/lock -v /sys/fs/cgroup:/sys/fs/cgroup:ro \
    --stop-signal SIGRTMIN+3 "$base"
  until engine exec $name systemctl is-system-running --wait | grep -qE 'running|degraded'; do sleep 0.02; done
}
for _ in $(seq "$rounds"); do
  timed "$scratch/terminated" terminate "$(member)"
  timed "$scratch/killed" killed "$(member)"
  timed "$scratch/hand" by_hand
  engine rm -f $name > /dev/null
done
report "terminate-instances to replacement in service" ms "$scratch/terminated" "$scratch/hand" "docker run and boot by hand"
report "kill -9 of init to replacement in service" ms "$scratch/killed" "$scratch/hand" "docker run and boot by hand"
