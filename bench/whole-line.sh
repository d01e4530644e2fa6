#!/usr/bin/env bash
# From git push to the new version serving, against the bare commands of the same build in a script
# (docker build, tag, push to a local docker-registry, kubectl apply and rollout status).
. "$(dirname "$0")/lib.sh"
need docker-registry:docker-registry
house
"$root/esteira" project create bench-line > /dev/null
"$root/esteira" var set --project bench-line AWS_ACCOUNT_ID=123456789012 AWS_EKS_CLUSTER=esteira > /dev/null 2>&1
url=$("$root/esteira" project url bench-line)
cp -r "$root/samples/comentarios-app" "$scratch/work"
cd "$scratch/work"
sed -i 's/comentarios-app/bench-line/g' buildspec.yml k8s/*.yml
git init -q -b main; git add -A; git commit -q -m first
cat > "$scratch/registry.yml" <<C
version: 0.1
storage: { filesystem: { rootdirectory: $scratch/registry } }
http: { addr: 127.0.0.1:15098 }
C
docker-registry serve "$scratch/registry.yml" > "$scratch/registry.log" 2>&1 & rival=$!
at_end "kill $rival"
raw="unix://$(readlink -f "$ESTEIRA_HOME"/engine/docker.sock)"
sed -e 's/bench-line/bare-line/g' -e 's|image: .*|image: python:3|' k8s/deployment.yml > "$scratch/bare.yml"

ours() {
  git push -q -f "$url" HEAD:main
  "$root/esteira" logs -f bench-line
}
bare() {
  docker -H "$raw" build -q -t bare:latest --build-arg REPO=. -f "$scratch/Dockerfile" .
  docker -H "$raw" tag bare:latest 127.0.0.1:15098/bare:latest
  docker -H "$raw" push -q 127.0.0.1:15098/bare:latest
  kubectl set env deployment/bench-line BARE="$1"
  kubectl rollout status deployment/bench-line --timeout=120s
}
sed -e 's|^ARG REPO.*||' -e 's|^FROM .*|FROM python:3|' Dockerfile > "$scratch/Dockerfile"
ours > /dev/null 2>&1
docker -H "$raw" build -q -t bare:latest -f "$scratch/Dockerfile" . > /dev/null
for ((r = 0; r < rounds; r++)); do
  echo "$r$RANDOM" > VERSION; git commit -q -am "$r"
  timed "$scratch/a" ours
  echo "$r$RANDOM" > VERSION
  timed "$scratch/b" bare "$r"
done
report "git push to new version serving" ms "$scratch/a" "$scratch/b" "bare commands"
