#!/usr/bin/env bash
# A GitLab pipeline of 30 jobs whose script is `true`, ten in each of three stages, against 30 times docker run.
. "$(dirname "$0")/lib.sh"
house
"$root/esteira" project create bench/jobs > /dev/null
url=$("$root/esteira" project url bench/jobs)
git init -q -b main "$scratch/work"
cd "$scratch/work"
{
  echo 'stages: [build, test, deploy]'
  for stage in build test deploy; do
    for ((i = 0; i < 10; i++)); do printf '%s %d:\n  stage: %s\n  script: "true"\n' $stage $i $stage; done
  done
} > .gitlab-ci.yml
git add -A; git commit -q -m first

run() {
  git commit -q --allow-empty -m again
  git push -q -f "$url" HEAD:main
  "$root/esteira" logs -f bench/jobs
}
runs() { for ((i = 0; i < 30; i++)); do docker run --rm esteira/standard:1 true; done; }
run > /dev/null 2>&1; docker run --rm esteira/standard:1 true
for ((r = 0; r < rounds; r++)); do
  timed "$scratch/a" run
  timed "$scratch/b" runs
done
report "30 jobs of true in 3 stages, push to end of run" ms "$scratch/a" "$scratch/b" "30 docker run"
awk '{ s += $1 } END { printf "overhead of one job: %.0f ms\n", s / NR / 30 }' "$scratch/a"
