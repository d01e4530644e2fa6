#!/bin/sh
# Runs in a container of the image below: layer.sh SCRIPT VERSION PACKAGE...; what is changed in it
# becomes the layer.
set -eu
script=$1
version=$2
shift 2

if [ $# -gt 0 ]; then
  echo "I: reading the package lists"
  apt-get update -qq
  echo "I: installing $*"
  # Packages link their manual pages here when they are set up, and fail without it.
  mkdir -p /usr/share/man/man1 /usr/share/man/man7
  apt-get install -qq -y --no-install-recommends "$@" >/tmp/installed 2>&1 || {
    tail -n 15 /tmp/installed
    exit 1
  }
fi
if [ -n "$script" ]; then
  # shellcheck source=/dev/null
  . "$RECIPE/$script"
fi

rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb \
  /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log /var/log/alternatives.log \
  /usr/share/doc/* /root/.cache /tmp/*
