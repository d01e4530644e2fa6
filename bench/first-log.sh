#!/usr/bin/env bash
# From the moment the push is accepted (git push returns) to the first line that the job's own shell
# wrote; the rival is the floor: docker run of the same image on the same engine, to its first byte.
. "$(dirname "$0")/lib.sh"
house
"$root/esteira" project create bench-first > /dev/null
url=$("$root/esteira" project url bench-first)
git init -q -b main "$scratch/work"
cd "$scratch/work"
printf 'version: 0.2\nphases:\n  build:\n    commands:\n      - date +FIRST=%%s%%N\n' > buildspec.yml
git add -A; git commit -q -m first
raw="unix://$(readlink -f "$ESTEIRA_HOME"/engine/docker.sock)"
once() {
  local pushed first
  git commit -q --allow-empty -m again
  git push -q -f "$url" HEAD:main
  pushed=$(now)
  first=$("$root/esteira" logs -f bench-first 2> /dev/null | sed -n 's/^FIRST=//p' | head -n 1)
  awk "BEGIN { printf \"%.1f\n\", ($first - $pushed) / 1e6 }" >> "$1"
}
floor() {
  local start first
  start=$(now)
  first=$(docker -H "$raw" run --rm esteira/standard:1 date +%s%N)
  awk "BEGIN { printf \"%.1f\n\", ($first - $start) / 1e6 }" >> "$1"
}
once "$scratch/cold"; floor "$scratch/cold-b"
for ((r = 0; r < rounds * 2; r++)); do once "$scratch/a"; floor "$scratch/b"; done
echo "first run of a project: $(cat "$scratch/cold") ms"
report "push accepted to the job's first line" ms "$scratch/a" "$scratch/b" "docker run"
