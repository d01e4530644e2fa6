#!/usr/bin/env bash
# The registry's own work: manifests read per second, milliseconds to put one, blobs of 1 MB read per
# second; beside Debian's docker-registry. Ours checks a credential with each request and fsyncs what
# is put; the rival asks for none and does not.
. "$(dirname "$0")/lib.sh"
need docker-registry:docker-registry wrk:wrk curl:curl
house
cat > "$scratch/registry.yml" <<C
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $scratch/registry }, cache: { blobdescriptor: inmemory } }
http: { addr: 127.0.0.1:15098 }
C
docker-registry serve "$scratch/registry.yml" > "$scratch/registry.log" 2>&1 & rival=$!
at_end "kill $rival"
ours=$(sed -n 's/.*"registry" *: *"\([^"]*\)".*/\1/p' "$ESTEIRA_HOME/endpoints.json")
theirs=http://127.0.0.1:15098
basic="Authorization: Basic $(printf 'x:%s' "$(cat "$ESTEIRA_HOME/keys/admin-token")" | base64 -w 0)"
type=application/vnd.docker.distribution.manifest.v2+json
ask() { curl -sf --noproxy '*' -H "$basic" "$@"; }
curl -s --noproxy '*' -o /dev/null --retry 20 --retry-connrefused --retry-delay 1 "$theirs/v2/"

# One image of one layer of 1 MB, the same bytes on both sides.
head -c 1000000 /dev/urandom > "$scratch/layer"
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}' > "$scratch/config"
sum() { sha256sum "$1" | cut -d ' ' -f 1; }
layer=sha256:$(sum "$scratch/layer") config=sha256:$(sum "$scratch/config")
manifest() { # COMMENT
  printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},' \
    $type "$(stat -c %s "$scratch/config")" "$config"
  printf '"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":1000000,"digest":"%s"}],"annotations":{"n":"%s"}}' \
    "$layer" "$1"
}
upload() { # BASE FILE DIGEST
  local location
  location=$(ask -o /dev/null -D - -X POST "$1/v2/bench/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  case $location in /*) location=$1$location ;; esac
  case $location in *\?*) location="$location&" ;; *) location="$location?" ;; esac
  ask -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$2" "${location}digest=$3"
}
for base in "$ours" "$theirs"; do
  upload "$base" "$scratch/layer" "$layer"
  upload "$base" "$scratch/config" "$config"
  manifest first | ask -o /dev/null -X PUT -H "Content-Type: $type" --data-binary @- "$base/v2/bench/manifests/latest"
  [ "$(ask "$base/v2/bench/blobs/$layer" | sha256sum | cut -d ' ' -f 1)" = "${layer#sha256:}" ]
done

# Requests per second of a path: rate FILE URL; an answer other than 2xx ends the bench.
rate() {
  wrk -t 1 -c 16 -d 3s -H "$basic" -H "Accept: $type" "$2" > "$scratch/wrk"
  ! grep -E 'Non-2xx|Socket errors' "$scratch/wrk" >&2
  sed -n 's/^Requests\/sec: *//p' "$scratch/wrk" >> "$1"
}
# One connection puts ten new manifests under a tag; the middle one's time: put FILE BASE ROUND
put() {
  local i args=()
  for i in 0 1 2 3 4 5 6 7 8 9 10; do
    manifest "$3-$i" > "$scratch/manifest-$i"
    args+=(--next -sf --noproxy '*' -H "$basic" -H "Content-Type: $type" -X PUT --data-binary "@$scratch/manifest-$i"
      -o /dev/null -w '%{time_total}\n' "$2/v2/bench/manifests/put-$i")
  done
  curl "${args[@]:1}" | tail -n 10 | awk '{ print $1 * 1000 }' > "$scratch/puts"
  [ "$(wc -l < "$scratch/puts")" = 10 ]
  median "$scratch/puts" >> "$1"
}
rate "$scratch/warm" "$ours/v2/bench/manifests/latest"
rate "$scratch/warm" "$theirs/v2/bench/manifests/latest"
rate "$scratch/warm" "$ours/v2/bench/blobs/$layer"
for ((r = 0; r < rounds; r++)); do
  rate "$scratch/ga" "$ours/v2/bench/manifests/latest"
  rate "$scratch/gb" "$theirs/v2/bench/manifests/latest"
  put "$scratch/pa" "$ours" "$r"
  put "$scratch/pb" "$theirs" "$r"
  rate "$scratch/ba" "$ours/v2/bench/blobs/$layer"
  rate "$scratch/bb" "$theirs/v2/bench/blobs/$layer"
done
report "manifest GET by tag" "a second" "$scratch/ga" "$scratch/gb" docker-registry
report "manifest PUT (ours fsyncs)" ms "$scratch/pa" "$scratch/pb" docker-registry
report "pull of a 1 MB blob" "a second" "$scratch/ba" "$scratch/bb" docker-registry
load
