#!/usr/bin/env bash
# Start of a home that has run before (all doors answer), and what the whole line holds when idle.
. "$(dirname "$0")/lib.sh"
house
for ((r = 0; r < rounds; r++)); do
  pid=$(sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p' "$ESTEIRA_HOME/endpoints.json")
  kill -9 "$pid"
  timed "$scratch/warm" "$root/esteira" up
  "$root/esteira" down > /dev/null 2>&1
  timed "$scratch/cold" "$root/esteira" up
done
sleep 10
alone "start of the process (engine, HAProxy and pods went on)" ms "$scratch/warm" "all listeners up"
alone "start from nothing running (engine, networks, HAProxy, doors)" ms "$scratch/cold" "all listeners up"
total=0
own=$(sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p' "$ESTEIRA_HOME/endpoints.json")
for pid in $own $(pgrep -f "$ESTEIRA_HOME" || true); do
  [ -r "/proc/$pid/smaps_rollup" ] || continue
  pss=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")
  printf '  %6d KiB  %s\n' "$pss" "$(tr '\0' ' ' < "/proc/$pid/cmdline" | cut -c 1-70)"
  total=$((total + pss))
done
echo $((total / 1024)) > "$scratch/memory"
alone "idle memory of the whole line, proportional" MB "$scratch/memory" "k3s, measured once: 1,600 MB"
load
