# Shared by the benches: a house of their own, pairs of timings, medians and ratios.
# Each bench prints both sides and the ratio; rounds are interleaved (A-B-A-B).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
export ESTEIRA_HOME=${ESTEIRA_BENCH_HOME:-$root/target/bench-home}
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@localhost GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost
export GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0
rounds=${ROUNDS:-5}
scratch=$(mktemp -d)
cleanup=()

at_end() { cleanup+=("$1"); }
finish() {
  local i
  for ((i = ${#cleanup[@]} - 1; i >= 0; i--)); do eval "${cleanup[$i]}" > /dev/null 2>&1 || true; done
  rm -rf "$scratch"
}
trap finish EXIT

need() { # PROGRAM:PACKAGE ...
  local pair missing=""
  for pair in "$@"; do command -v "${pair%%:*}" > /dev/null || missing="$missing ${pair##*:}"; done
  [ -z "$missing" ] || { echo "this bench needs:$missing (apt-get install --no-install-recommends$missing)" >&2; exit 6; }
}

house() { "$root/esteira" up >&2; eval "$("$root/esteira" env)"; }

now() { date +%s%N; }

# Runs a command and appends its milliseconds to a file: timed FILE COMMAND...
timed() {
  local file=$1 start end
  shift
  start=$(now)
  "$@" > "$scratch/out" 2>&1 || { cat "$scratch/out" >&2; return 1; }
  end=$(now)
  awk "BEGIN { printf \"%.1f\n\", ($end - $start) / 1e6 }" >> "$file"
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# Both sides and the ratio, round by round: report NAME UNIT OURS THEIRS RIVAL
report() {
  local ratios=$scratch/ratios
  paste "$3" "$4" | awk '{ print $1 / $2 }' > "$ratios"
  printf '%s: esteira %s %s, %s %s %s, ratio %.3f (min %.3f, max %.3f, %d rounds)\n' "$1" "$(median "$3")" "$2" \
    "$5" "$(median "$4")" "$2" "$(median "$ratios")" "$(sort -n "$ratios" | head -n 1)" \
    "$(sort -n "$ratios" | tail -n 1)" "$(wc -l < "$ratios")"
}
