#!/bin/bash
# Turns a fresh machine into a production machine, then switches it off, so that an image can be made of it.
set -e
mkdir -p /opt/charlie
cd "$(mktemp -d)"
base64 -d <<'FILES' | tar xz
@FILES@
FILES
install -m 755 run_app.sh /opt/charlie/run_app.sh
install -m 644 charlie.service /etc/systemd/system/charlie.service
install -m 644 nginx-site /etc/nginx/sites-available/default
install -m 600 charlie.env /etc/charlie.env
systemctl enable nginx charlie.service
shutdown -h now
