#!/bin/sh
# What stands in front of the command in images of the docker family: a docker subcommand needs no
# "docker" before it, and a daemon that is a service beside the container is found by its name.
set -e

if [ "${1#-}" != "$1" ]; then
  set -- docker "$@"
elif [ $# -gt 0 ] && ! command -v "$1" >/dev/null 2>&1 && docker help "$1" >/dev/null 2>&1; then
  set -- docker "$@"
fi

has_certificates() {
  [ -n "${DOCKER_TLS_CERTDIR:-}" ] &&
    [ -s "$DOCKER_TLS_CERTDIR/client/ca.pem" ] &&
    [ -s "$DOCKER_TLS_CERTDIR/client/cert.pem" ] &&
    [ -s "$DOCKER_TLS_CERTDIR/client/key.pem" ]
}

if [ -z "${DOCKER_HOST:-}" ] && [ ! -S /var/run/docker.sock ]; then
  if has_certificates || [ -n "${DOCKER_TLS_VERIFY:-}" ]; then
    export DOCKER_HOST='tcp://docker:2376'
  else
    export DOCKER_HOST='tcp://docker:2375'
  fi
fi
if [ "${DOCKER_HOST#tcp:}" != "${DOCKER_HOST:-}" ] && [ -z "${DOCKER_TLS_VERIFY:-}" ] &&
  [ -z "${DOCKER_CERT_PATH:-}" ] && [ "${DOCKER_HOST%:2375}" = "$DOCKER_HOST" ] &&
  has_certificates; then
  export DOCKER_TLS_VERIFY=1
  export DOCKER_CERT_PATH="$DOCKER_TLS_CERTDIR/client"
fi

exec "$@"
