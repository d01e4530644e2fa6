#!/usr/bin/env bash
# 20 no-op steps of one job against 20 times docker run on the same engine.
. "$(dirname "$0")/lib.sh"
house
"$root/esteira" project create bench-steps > /dev/null
url=$("$root/esteira" project url bench-steps)
git init -q -b main "$scratch/work"
cd "$scratch/work"
{
  printf 'version: 0.2\nphases:\n  build:\n    commands:\n'
  for ((i = 0; i < 20; i++)); do echo '      - true'; done
} > buildspec.yml
git add -A; git commit -q -m first

run() {
  git commit -q --allow-empty -m again
  git push -q -f "$url" HEAD:main
  "$root/esteira" logs -f bench-steps
}
runs() { for ((i = 0; i < 20; i++)); do docker run --rm esteira/standard:1 true; done; }
run > /dev/null 2>&1; docker run --rm esteira/standard:1 true
for ((r = 0; r < rounds; r++)); do
  timed "$scratch/a" run
  timed "$scratch/b" runs
done
report "20 no-op steps, push to end of run" ms "$scratch/a" "$scratch/b" "20 docker run"
