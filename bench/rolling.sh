#!/usr/bin/env bash
# A rolling update of two replicas under load: how long, and how many requests failed; then the kill
# of a replica. Load goes to the service's 127.77 address, bounded in time.
. "$(dirname "$0")/lib.sh"
need wrk:wrk
house
application bench-rolling

# A replica is gone from the list and two others are ready.
replaced() {
  local names
  while :; do
    names=$(kubectl get pods -l app=bench-rolling \
      -o jsonpath='{range .items[?(@.status.containerStatuses[0].ready==true)]}{.metadata.name}{"\n"}{end}')
    [ "$(grep -vc "^$1\$" <<< "$names")" -ge 2 ] && return 0
  done
}
# Two pods and no more: those of the round before are gone.
rest() {
  local i
  for i in $(seq 100); do
    [ "$(kubectl get pods -l app=bench-rolling -o name | wc -l)" = 2 ] && return
    sleep 0.1
  done
}
result() {
  grep 'requests in' "$1"
  if grep -E 'Socket errors|Non-2xx' "$1"; then return; fi
  echo "  failed requests: 0"
}

wrk -t 1 -c 8 -d "$((rounds * 4 + 6))s" "http://$address/" > "$scratch/wrk" & load=$!
sleep 2
for ((r = 0; r < rounds; r++)); do
  rest
  kubectl set env deployment/bench-rolling VERSION=$r > /dev/null
  timed "$scratch/a" kubectl rollout status deployment/bench-rolling --timeout=60s
done
wait $load
alone "rolling update of 2 replicas under load" ms "$scratch/a" "Swarm, measured once: 3,900 ms"
result "$scratch/wrk"

wrk -t 1 -c 8 -d "$((rounds * 4 + 6))s" "http://$address/" > "$scratch/wrk" & load=$!
sleep 2
for ((r = 0; r < rounds; r++)); do
  rest
  pod=$(kubectl get pods -l app=bench-rolling -o jsonpath='{.items[0].metadata.name}')
  kubectl delete pod "$pod" --force --grace-period=0 --wait=false > /dev/null 2>&1
  timed "$scratch/k" replaced "$pod"
done
wait $load
alone "a replica deleted by force, until 2 others are ready" ms "$scratch/k" "Swarm, measured once: 5,300 ms"
result "$scratch/wrk"
load
