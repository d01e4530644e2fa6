#!/bin/sh
# podman as jobs call it: Docker's client at the job's own Docker API, without the options that are
# about podman's own storage and sandboxes.
docker=/usr/local/bin/docker

say() {
  echo "podman: $*" >&2
}

# Options before the subcommand.
while [ $# -gt 0 ]; do
  case $1 in
    --storage-driver=* | --storage-opt=* | --root=* | --runroot=* | --cgroup-manager=* | --events-backend=* | \
      --log-level=* | --runtime=* | --tmpdir=* | --remote) shift ;;
    --storage-driver | --storage-opt | --root | --runroot | --cgroup-manager | --events-backend | --log-level | \
      --runtime | --tmpdir) shift 2 ;;
    *) break ;;
  esac
done
command=${1:-}
[ $# -eq 0 ] || shift
if [ "$command" = image ] || [ "$command" = container ]; then
  command="$command ${1:-}"
  [ $# -eq 0 ] || shift
fi
case $command in
  'image build') command=build ;;
  manifest | machine | play | kube | pod | generate | unshare | farm | system)
    say "$command is not supported here: this is Docker's client under another name"
    exit 1
    ;;
esac

# Only the options before the first word that is none: what follows belongs to a container.
count=$#
plain=
while [ "$count" -gt 0 ]; do
  argument=$1
  shift
  count=$((count - 1))
  if [ -n "$plain" ]; then
    set -- "$@" "$argument"
    continue
  fi
  case $argument in
    --tls-verify | --tls-verify=* | --format=docker | --format=oci | --isolation=* | --layers | --layers=* | \
      --cgroupns=* | --events-backend=* | --storage-driver=* | --squash-all | --jobs=* | --authfile=* | \
      --cert-dir=* | --userns=keep-id | --security-opt=label=disable | --pull=newer | --pull=missing) ;;
    --isolation | --authfile | --cert-dir | --jobs)
      shift
      count=$((count - 1))
      ;;
    --format)
      case $command:${1:-} in
        build:docker | build:oci | push:docker | push:oci | push:v2s2)
          shift
          count=$((count - 1))
          ;;
        *) set -- "$@" "$argument" ;;
      esac
      ;;
    *)
      [ "$command" != run ] && [ "$command" != exec ] && [ "$command" != create ] || case $argument in
        -*) ;;
        *) plain=yes ;;
      esac
      set -- "$@" "$argument"
      ;;
  esac
done

case $command in
  push)
    # push IMAGE [DESTINATION]
    if [ $# -eq 2 ] && [ "${1#-}" = "$1" ]; then
      target=${2#docker://}
      "$docker" tag "$1" "$target" || exit
      set -- "$target"
    fi
    ;;
  pull)
    [ $# -ne 1 ] || set -- "${1#docker://}"
    ;;
esac
# shellcheck disable=SC2086
exec "$docker" $command "$@"
