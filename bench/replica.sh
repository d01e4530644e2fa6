#!/usr/bin/env bash
# kill -9 of a replica's process until its replacement serves: esteira through the load balancer;
# beside Docker Swarm asked at the replica's own port (nothing in between), with Swarm's own restart
# delay of 5 s and with none. Swarm runs in an engine and a network namespace of its own.
. "$(dirname "$0")/lib.sh"
need dockerd:docker.io curl:curl unshare:util-linux
house
application bench-replica
raw=$(readlink -f "$ESTEIRA_HOME/engine/docker.sock")

# The rival: its engine loads the same image; replica N listens on 8000 + N of the namespace.
export D=$scratch/swarm
mkdir "$D"
unshare --net bash -c 'ip link set lo up; exec dockerd --iptables=false --bridge=none --data-root $D/data --exec-root $D/exec \
  -H unix://$D/s -p $D/pid > $D/log 2>&1' & holder=$!
at_end "umount $D/data; umount $D/exec/netns/*"
at_end "kill $holder; wait $holder"
swarm() { docker -H "unix://$D/s" "$@"; }
for i in $(seq 100); do swarm info > /dev/null 2>&1 && break; sleep 0.1; done
docker image inspect --format '{{.Id}}' $hub/bench-replica:1 > "$scratch/id"
docker -H "unix://$raw" save "$(cat "$scratch/id")" | swarm load -q > /dev/null
swarm tag "$(cat "$scratch/id")" bench:1
swarm swarm init --advertise-addr 127.0.0.1 > /dev/null
at_end "swarm swarm leave --force"
swarm service create -q --detach --no-resolve-image --name r --replicas 2 --network host --env 'PORT=800{{.Task.Slot}}' bench:1 > /dev/null

inside() { nsenter -t "$holder" -n "$@"; }
get() { "${@:2}" curl -s -m 2 --noproxy '*' "http://$1/" || true; }
# Until an answer differs from these and is whole: until_new ADDRESS KNOWN PREFIX...
until_new() {
  local answer end=$(($(now) + 60000000000))
  while [ "$(now)" -lt $end ]; do
    answer=$(get "$1" "${@:3}")
    if [ ${#answer} = 32 ] && ! grep -q "$answer" <<< "$2"; then return 0; fi
  done
  return 1
}
# A replica that died a moment ago is started again later and later: each round has new ones.
renew() {
  kubectl rollout restart deployment/bench-replica > /dev/null
  kubectl rollout status deployment/bench-replica --timeout=60s > /dev/null
  local i
  for i in $(seq 100); do
    [ "$(kubectl get pods -l app=bench-replica -o name | wc -l)" = 2 ] && return
    sleep 0.2
  done
}
ours() { # FILE
  local known pod container pid i
  renew
  for i in $(seq 100); do
    known=$(for j in 1 2 3 4 5 6; do get "$address"; echo; done | sort -u)
    [ "$(wc -l <<< "$known")" = 2 ] && break
  done
  pod=$(kubectl get pods -l app=bench-replica -o jsonpath='{.items[0].status.containerStatuses[0].containerID}')
  container=${pod##*/}
  pid=$(docker -H "unix://$raw" inspect -f '{{.State.Pid}}' "$container")
  kill -9 "$pid"
  timed "$1" until_new "$address" "$known"
}
theirs() { # FILE
  local known pid
  known=''
  until_new 127.0.0.1:8001 none inside
  known=$(get 127.0.0.1:8001 inside)
  pid=$(swarm inspect -f '{{.State.Pid}}' "$(swarm ps -q --filter name=r.1. | head -n 1)")
  kill -9 "$pid"
  timed "$1" until_new 127.0.0.1:8001 "$known" inside
}
for ((r = 0; r < rounds; r++)); do
  ours "$scratch/a"
  theirs "$scratch/b"
done
report "killed replica, until its replacement serves" ms "$scratch/a" "$scratch/b" "Swarm as it comes"
swarm service update -q --detach --restart-delay 0s r > /dev/null
sleep 12
for ((r = 0; r < rounds; r++)); do
  ours "$scratch/c"
  theirs "$scratch/d"
done
report "the same, Swarm without its delay" ms "$scratch/c" "$scratch/d" "Swarm"
load
