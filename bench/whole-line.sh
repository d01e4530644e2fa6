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
# Each round rolls the same Deployment by another label, as a new tag in the file would.
tr -d '\r' < k8s/deployment.yml | sed 's/^      labels:/      labels:\n        round: BARE-0/' > "$scratch/bare.yml"

ours() {
  git push -q -f "$url" HEAD:main
  "$root/esteira" logs -f bench-line
}
# The same steps as the buildspec's, by hand, with the same clients (Debian's, as in the build image).
bare() {
  export PATH="$ESTEIRA_HOME/bin:/usr/bin:/bin:$PATH"
  aws ecr get-login-password --region us-east-1 |
    docker -H "$raw" --config "$scratch/docker" login --username AWS --password-stdin 127.0.0.1:15098
  aws eks update-kubeconfig --region us-east-1 --name esteira --kubeconfig "$scratch/kube"
  docker -H "$raw" build -q -t bare:latest --build-arg REPO=. -f "$scratch/Dockerfile" .
  docker -H "$raw" tag bare:latest "127.0.0.1:15098/bare:$1"
  docker -H "$raw" tag bare:latest 127.0.0.1:15098/bare:latest
  docker -H "$raw" --config "$scratch/docker" push -q "127.0.0.1:15098/bare:$1"
  docker -H "$raw" --config "$scratch/docker" push -q 127.0.0.1:15098/bare:latest
  sed -i "s/BARE-[0-9]*/BARE-$1/" "$scratch/bare.yml"
  kubectl --kubeconfig "$scratch/kube" apply -f "$scratch/bare.yml"
  kubectl --kubeconfig "$scratch/kube" apply -f k8s/service.yml
  kubectl --kubeconfig "$scratch/kube" rollout status deployment/bench-line --timeout=120s
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
