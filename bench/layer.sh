#!/usr/bin/env bash
# A layer of 225 MB, built, until it can be pulled: docker push into esteira (through its engine
# proxy) against docker push of the same bytes to Debian's docker-registry.
. "$(dirname "$0")/lib.sh"
need docker-registry:docker-registry
house
cat > "$scratch/registry.yml" <<C
version: 0.1
storage: { filesystem: { rootdirectory: $scratch/registry } }
http: { addr: 127.0.0.1:15099 }
C
docker-registry serve "$scratch/registry.yml" > "$scratch/registry.log" 2>&1 & rival=$!
at_end "kill $rival"
login
mkdir "$scratch/context"
printf 'FROM python:3\nCOPY blob /blob\n' > "$scratch/context/Dockerfile"
raw="unix://$(readlink -f "$ESTEIRA_HOME"/engine/docker.sock)"
for ((r = 0; r < rounds; r++)); do
  head -c 225000000 /dev/urandom > "$scratch/context/blob"
  docker build -q -t $hub/bench-layer:latest "$scratch/context" > /dev/null
  timed "$scratch/a" docker push $hub/bench-layer:latest
  id=$(docker inspect --format '{{.Id}}' $hub/bench-layer:latest)
  docker -H "$raw" tag "$id" 127.0.0.1:15099/bench:latest
  timed "$scratch/b" docker -H "$raw" push 127.0.0.1:15099/bench:latest
  docker -H "$raw" rmi 127.0.0.1:15099/bench:latest > /dev/null
  skopeo inspect --tls-verify=false --creds "x:$(cat "$ESTEIRA_HOME/keys/admin-token")" \
    "docker://$(sed -n 's/.*"registry" *: *"http:\/\/\([^"]*\)".*/\1/p' "$ESTEIRA_HOME/endpoints.json")/bench-layer:latest" \
    > /dev/null
done
report "225 MB layer, docker push until pullable" ms "$scratch/a" "$scratch/b" docker-registry
