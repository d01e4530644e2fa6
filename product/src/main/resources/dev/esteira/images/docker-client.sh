#!/bin/sh
# Docker's client as jobs call it. Their Docker API has the classic builder; a Dockerfile that needs
# nothing of BuildKit alone builds by it as well.
case ${DOCKER_BUILDKIT:-0} in
  0 | false) ;;
  *)
    case " $* " in
      *' build '*)
        echo "docker: DOCKER_BUILDKIT is set, but the builder here is the classic one" >&2
        ;;
    esac
    DOCKER_BUILDKIT=0
    export DOCKER_BUILDKIT
    ;;
esac
exec /usr/bin/docker "$@"
