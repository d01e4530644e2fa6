# Steps that every recipe ends with. $1 is the root file system under construction; the host's
# certificate bundle and the recipe's files lie in $RECIPE.
set -eu
root=$1
# Everything below writes under it; an empty one would mean this machine.
[ -n "$root" ] && [ "$root" != / ] || exit 1

# The host's bundle, so that a build fetches through the same proxies as the host does. A
# Dockerfile's RUN sees no mount, so the image itself must hold it.
trust_as_the_host_does() {
  install -D -m 644 "$RECIPE/ca-certificates.crt" "$root/etc/ssl/certs/ca-certificates.crt"
  for certificate in /usr/local/share/ca-certificates/*.crt; do
    if [ -f "$certificate" ]; then
      install -D -m 644 "$certificate" \
        "$root/usr/local/share/ca-certificates/$(basename "$certificate")"
    fi
  done
}

# pip installs where the official images' pip does, without asking for a virtual environment.
let_pip_install() {
  rm -f "$root"/usr/lib/python3*/EXTERNALLY-MANAGED
  install -D -m 644 "$RECIPE/pip.conf" "$root/etc/pip.conf"
  for name in python python3 pip pip3; do
    ln -sf "/usr/bin/$name" "$root/usr/local/bin/$name"
  done
  ln -sf python3 "$root/usr/bin/python"
}

in_root() {
  chroot "$root" /usr/bin/env -i \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" "$@"
}

leave_out_what_no_job_reads() {
  rm -rf "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/info/* \
    "$root"/usr/share/lintian \
    "$root"/var/lib/apt/lists/* "$root"/var/cache/* "$root"/var/log/* "$root"/tmp/* \
    "$root"/root/.cache
  find "$root/usr/share/locale" -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +
}
