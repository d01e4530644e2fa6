#!/bin/sh
# Docker Compose 2, as "docker compose" and as "docker-compose". Under its old name it names
# containers as it used to: shop_web_1. Images are built by the builder that jobs have.
DOCKER_BUILDKIT=0
export DOCKER_BUILDKIT
case ${1:-} in
  docker-cli-plugin-metadata | compose) exec /usr/libexec/esteira/docker-compose "$@" ;;
  *) exec /usr/libexec/esteira/docker-compose --compatibility "$@" ;;
esac
