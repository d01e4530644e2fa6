# The image "esteira/standard:1": what a build job finds when it names no image of its own.
. "$RECIPE/common.sh"

trust_as_the_host_does
let_pip_install
mkdir -p "$root/opt/wheels"

# Debian's docker.io is the engine too, four times the size; jobs need the client alone.
in_root apt-get update -qq
in_root sh -c 'cd /tmp && apt-get download -qq docker.io'
dpkg-deb --fsys-tarfile "$root"/tmp/docker.io_*.deb | tar -x -C "$root" ./usr/bin/docker
rm -f "$root"/tmp/docker.io_*.deb
ln -sf /usr/bin/docker "$root/usr/local/bin/docker"

install -D -m 755 "$RECIPE/aws.sh" "$root/usr/local/bin/aws"
# Files written for a build image of Amazon Linux install their tools by yum.
for name in yum dnf; do
  install -D -m 755 "$RECIPE/yum-container.sh" "$root/usr/local/bin/$name"
done

# git would refuse a workspace that another user checked out.
in_root git config --system --add safe.directory '*'
echo 'root ALL=(ALL:ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/root"

leave_out_what_no_job_reads
