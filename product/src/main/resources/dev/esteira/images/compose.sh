#!/bin/sh
# Brings Docker Compose 2, which Debian has since its release after this one. The program needs
# nothing of that release; the commands that call it come from elsewhere.
set -eu
list=/etc/apt/sources.list.d/esteira-compose.list
sed -n 's/^\(deb .*[^ ]\) *bookworm main.*/\1 trixie main/p' /etc/apt/sources.list | head -n 1 >"$list"
apt-get update -qq
cd /tmp
apt-get download -qq docker-compose/trixie
dpkg-deb --fsys-tarfile docker-compose_*.deb |
  tar -x -O ./usr/libexec/docker/cli-plugins/docker-compose >/tmp/compose
rm -f docker-compose_*.deb "$list"
install -D -m 755 /tmp/compose /usr/libexec/esteira/docker-compose
rm -f /tmp/compose
