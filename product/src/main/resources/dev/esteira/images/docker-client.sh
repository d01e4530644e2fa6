#!/bin/sh
# Docker's client as jobs call it. Their Docker API has the classic builder; a Dockerfile that needs
# nothing of BuildKit alone builds by it as well, also when it is asked for by "docker buildx build".
docker=/usr/bin/docker

say() {
  echo "docker: $*" >&2
}

case ${DOCKER_BUILDKIT:-0} in
  0 | false) ;;
  *)
    case " $* " in
      *' build '*) say 'DOCKER_BUILDKIT is set, but the builder here is the classic one' ;;
    esac
    DOCKER_BUILDKIT=0
    export DOCKER_BUILDKIT
    ;;
esac

if [ "${1:-}" != buildx ]; then
  exec "$docker" "$@"
fi

case ${2:-} in
  build | b) ;;
  create | use | inspect | ls | rm | install)
    say "buildx $2: there is one builder here, the classic one, and it needs no preparation"
    exit 0
    ;;
  *)
    say "buildx ${2:-} is not supported here: the builder is the classic one"
    exit 1
    ;;
esac
shift 2
say 'buildx build: the builder here is the classic one'

# Turn the arguments into those of "docker build", in place.
push=
tags=
wants=
count=$#
while [ "$count" -gt 0 ]; do
  argument=$1
  shift
  count=$((count - 1))
  case $wants in
    tag) tags="$tags $argument" ;;
    platform) platform=$argument ;;
    cache)
      # A cache of its own kind is BuildKit's; the image of a name serves both.
      case $argument in
        type=*) ;;
        *) set -- "$@" --cache-from "$argument" ;;
      esac
      ;;
  esac
  if [ -n "$wants" ]; then
    [ "$wants" != tag ] || set -- "$@" "$argument"
    wants=
    continue
  fi
  case $argument in
    --push) push=yes ;;
    --load | --progress=* | --provenance=* | --sbom=* | --cache-to=* | --builder=*) ;;
    --provenance | --sbom) ;;
    --progress | --cache-to | --builder) wants=nothing ;;
    --cache-from=type=*) ;;
    --cache-from) wants=cache ;;
    --platform) wants=platform ;;
    --platform=*) platform=${argument#*=} ;;
    -t | --tag)
      wants=tag
      set -- "$@" "$argument"
      ;;
    -t* | --tag=*)
      tag=${argument#-t}
      tags="$tags ${tag#--tag=}"
      set -- "$@" "$argument"
      ;;
    --output* | -o* | --secret* | --ssh*)
      say "buildx build $argument is not supported by the classic builder"
      exit 1
      ;;
    *) set -- "$@" "$argument" ;;
  esac
done
case ${platform:-linux/amd64} in
  "linux/$(dpkg --print-architecture)") ;;
  *"linux/$(dpkg --print-architecture)"*)
    say "of the platforms $platform only linux/$(dpkg --print-architecture) is built"
    ;;
  *)
    say "the platform $platform cannot be built on linux/$(dpkg --print-architecture)"
    exit 1
    ;;
esac
"$docker" build "$@" || exit
[ -z "$push" ] || for tag in $tags; do
  "$docker" push "$tag" || exit
done
