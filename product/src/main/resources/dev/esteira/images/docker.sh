# The image "docker" under any tag: Docker's client with what its scripts usually need.
. "$RECIPE/common.sh"

trust_as_the_host_does
let_pip_install
mkdir -p "$root/opt/wheels"

# Debian's docker.io is the engine too; the engine of a job is outside of its image.
in_root apt-get update -qq
in_root sh -c 'cd /tmp && apt-get download -qq docker.io'
dpkg-deb --fsys-tarfile "$root"/tmp/docker.io_*.deb | tar -x -C "$root" ./usr/bin/docker
rm -f "$root"/tmp/docker.io_*.deb
install -D -m 755 "$RECIPE/docker-client.sh" "$root/usr/local/bin/docker"

install -D -m 755 "$RECIPE/docker-entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
install -m 755 "$RECIPE/compose.sh" "$root/tmp/compose.sh"
in_root sh /tmp/compose.sh
install -D -m 755 "$RECIPE/docker-compose.sh" "$root/usr/libexec/docker/cli-plugins/docker-compose"
install -D -m 755 "$RECIPE/docker-compose.sh" "$root/usr/local/bin/docker-compose"
install -D -m 755 "$RECIPE/apk.sh" "$root/usr/local/bin/apk"
install -D -m 755 "$RECIPE/aws.sh" "$root/usr/local/share/esteira/aws"

in_root git config --system --add safe.directory '*'

leave_out_what_no_job_reads
