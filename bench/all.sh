#!/usr/bin/env bash
# Runs every bench and prints one table of both sides and the ratio; a bench that fails is named at
# the end. Some twenty minutes. all.sh NAME... runs these alone.
set -u
here=$(cd "$(dirname "$0")" && pwd)
BENCH_TABLE=$(mktemp)
export BENCH_TABLE
log=$here/../target/bench.log
mkdir -p "$(dirname "$log")"
: > "$log"
[ $# -gt 0 ] || set -- git-push first-log steps layer registry transition rolling replica whole-line \
  gitlab-jobs replace startup
failed=""
for name; do
  echo "--- $name, load $(cut -d ' ' -f 1-3 /proc/loadavg)" | tee -a "$log" >&2
  "$here/$name.sh" 2>> "$log" | tee -a "$log" >&2
  [ "${PIPESTATUS[0]}" = 0 ] || failed="$failed $name"
done
printf '\n| what | esteira | beside | ratio (least-most) |\n|---|---|---|---|\n'
cat "$BENCH_TABLE"
rm -f "$BENCH_TABLE"
[ -z "$failed" ] || { echo "failed:$failed; see $log" >&2; exit 1; }
