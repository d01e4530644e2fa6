#!/bin/sh
# buildah as jobs call it, by podman's words for the same.
while [ $# -gt 0 ]; do
  case $1 in
    --storage-driver=* | --storage-opt=* | --root=* | --runroot=* | --log-level=*) shift ;;
    --storage-driver | --storage-opt | --root | --runroot | --log-level) shift 2 ;;
    *) break ;;
  esac
done
command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  bud | build | build-using-dockerfile) exec /usr/local/bin/podman build "$@" ;;
  login | logout | push | pull | tag | images | rmi | version | info | inspect)
    exec /usr/local/bin/podman "$command" "$@"
    ;;
  *)
    echo "buildah: '$command' is not supported here: write a Dockerfile and call buildah build" >&2
    exit 1
    ;;
esac
