#!/bin/sh
# kaniko's executor as jobs call it: builds by the job's own Docker API, and pushes what was built.
docker=/usr/local/bin/docker

say() {
  echo "kaniko: $*" >&2
}

fail() {
  say "$*"
  exit 1
}

context=/workspace
sub=
dockerfile=Dockerfile
destinations=
push=yes
tar=
digest_file=
name_file=

# What is given to "docker build" gathers behind the arguments that are still to be read.
count=$#
while [ "$count" -gt 0 ]; do
  argument=$1
  shift
  count=$((count - 1))
  case $argument in
    *=*) inline=yes ;;
    *) inline= ;;
  esac
  case ${argument%%=*} in
    -c) option=--context ;;
    -f) option=--dockerfile ;;
    -d) option=--destination ;;
    -v) option=--verbosity ;;
    *) option=${argument%%=*} ;;
  esac
  case $option in
    --no-push | --skip-push-permission-check | --cleanup | --force | --insecure | --insecure-pull | \
      --skip-tls-verify | --skip-tls-verify-pull | --single-snapshot | --reproducible | --use-new-run | \
      --cache | --cache-copy-layers | --cache-run-layers | --compressed-caching | --log-timestamp | \
      --skip-unused-stages | --ignore-var-run | --push-ignore-immutable-tag-errors | \
      --preserve-context | --materialize | --skip-default-registry-fallback | --no-push-cache)
      value=true
      [ -z "$inline" ] || value=${argument#*=}
      ;;
    --*)
      if [ -n "$inline" ]; then
        value=${argument#*=}
      elif [ "$count" -gt 0 ]; then
        value=$1
        shift
        count=$((count - 1))
      else
        fail "flag needs an argument: $option"
      fi
      ;;
    *) fail "unknown argument: $argument" ;;
  esac
  case $option in
    --context) context=$value ;;
    --context-sub-path) sub=$value ;;
    --dockerfile) dockerfile=$value ;;
    --destination) destinations="$destinations $value" ;;
    --build-arg | --label | --target) set -- "$@" "$option" "$value" ;;
    --no-push) [ "$value" = false ] || push= ;;
    --tar-path | --tarPath) tar=$value ;;
    --digest-file) digest_file=$value ;;
    --image-name-with-digest-file | --image-name-tag-with-digest-file) name_file=$value ;;
    --custom-platform | --customPlatform) set -- "$@" --platform "$value" ;;
    --cache) [ "$value" != false ] || set -- "$@" --no-cache ;;
    --git | --oci-layout-path | --kaniko-dir) say "$option has no effect here" ;;
    --cache-* | --registry-* | --insecure-* | --skip-* | --snapshot* | --verbosity | --log-* | --push-* | \
      --ignore-* | --image-* | --cleanup | --force | --insecure | --single-snapshot | --reproducible | \
      --use-new-run | --compressed-caching | --preserve-context | --materialize | --no-push-cache | \
      --credential-helpers) ;;
    *) fail "unknown flag: $option" ;;
  esac
done

case $context in
  dir://*) context=${context#dir://} ;;
  *://*) fail "the context $context is not supported here: check the sources out and give their directory" ;;
esac
context=$context${sub:+/$sub}
[ -d "$context" ] || fail "the context $context is no directory"
if [ ! -f "$dockerfile" ]; then
  dockerfile=$context/$dockerfile
fi
[ -f "$dockerfile" ] || fail "there is no Dockerfile at $dockerfile"
if [ -z "$destinations" ] && [ -n "$push" ]; then
  fail 'you must provide --destination, or use --no-push'
fi

name=
for name in $destinations; do
  set -- "$@" --tag "$name"
done
say "building $dockerfile by the job's Docker API"
id_file=$(mktemp)
"$docker" build --iidfile "$id_file" --file "$dockerfile" "$@" "$context" || exit
id=$(cat "$id_file")
rm -f "$id_file"
if [ -n "$tar" ]; then
  "$docker" save --output "$tar" "${name:-$id}" || exit
fi
[ -n "$push" ] || exit 0
: >"${name_file:-/dev/null}"
for name in $destinations; do
  "$docker" push "$name" || exit
  bare=${name%@*}
  case ${bare##*/} in *:*) bare=${bare%:*} ;; esac
  pushed=$("$docker" inspect --format '{{join .RepoDigests "\n"}}' "$name" | grep -F "$bare@" | head -n 1)
  [ -z "$digest_file" ] || printf %s "${pushed#*@}" >"$digest_file"
  [ -z "$name_file" ] || echo "$name@${pushed#*@}" >>"$name_file"
done
