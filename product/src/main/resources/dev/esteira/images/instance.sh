# The image "esteira/instance:1": the machine that instances are made from. systemd is its init;
# NGINX answers on port 80; docker speaks to the instance's own Docker API.
. "$RECIPE/common.sh"

trust_as_the_host_does

in_root apt-get update -qq
in_root sh -c 'cd /tmp && apt-get download -qq docker.io'
dpkg-deb --fsys-tarfile "$root"/tmp/docker.io_*.deb | tar -x -C "$root" ./usr/bin/docker
rm -f "$root"/tmp/docker.io_*.deb

# A machine may stand in for one of another system (PublicImages): its words for installing.
install -m 755 "$RECIPE/yum.sh" "$root/usr/bin/yum"
mkdir -p "$root/etc/yum.repos.d"
for name in dnf amazon-linux-extras; do ln -s yum "$root/usr/bin/$name"; done
install -m 755 "$RECIPE/chkconfig.sh" "$root/usr/sbin/chkconfig"
rm -f "$root"/usr/lib/python3*/EXTERNALLY-MANAGED

# What a virtual machine has and a container must not try, and what only costs memory here.
for unit in \
  systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
  systemd-udev-trigger.service systemd-udev-settle.service systemd-modules-load.service \
  systemd-sysctl.service systemd-logind.service systemd-timesyncd.service \
  systemd-networkd.service systemd-resolved.service systemd-remount-fs.service \
  systemd-journal-flush.service systemd-random-seed.service systemd-hwdb-update.service \
  systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-firstboot.service \
  systemd-ask-password-console.path systemd-ask-password-wall.path systemd-pstore.service \
  systemd-binfmt.service dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount \
  sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
  proc-sys-fs-binfmt_misc.automount \
  console-getty.service getty.target getty@tty1.service serial-getty@.service \
  docker.socket containerd.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
  e2scrub_reap.service fstrim.timer motd-news.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
in_root systemctl --quiet disable ssh.service || true
in_root systemctl --quiet enable ssh.socket nginx.service || true
in_root systemctl --quiet set-default multi-user.target

mkdir -p "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system.conf.d"
cat > "$root/etc/systemd/journald.conf.d/esteira.conf" <<'END'
[Journal]
Storage=volatile
RuntimeMaxUse=8M
RuntimeMaxFileSize=2M
ReadKMsg=no
ForwardToSyslog=no
END

# The bundle that the boot makes: the host's authorities and this home's.
bundle=/etc/ssl/certs/ca-certificates.crt
# The AWS CLI asks the metadata service once, for a second; a busy host may need longer.
patience="AWS_METADATA_SERVICE_TIMEOUT=5 AWS_METADATA_SERVICE_NUM_ATTEMPTS=3"
names="AWS_CA_BUNDLE SSL_CERT_FILE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE PIP_CERT GIT_SSL_CAINFO"
{
  echo '[Manager]'
  echo 'LogLevel=err'
  echo 'DefaultTimeoutStartSec=60s'
  echo 'DefaultTimeoutStopSec=5s'
  printf 'DefaultEnvironment='
  for name in $names NODE_EXTRA_CA_CERTS; do printf '"%s=%s" ' "$name" "$bundle"; done
  for setting in $patience; do printf '"%s" ' "$setting"; done
  echo
} > "$root/etc/systemd/system.conf.d/esteira.conf"
{
  echo PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  for name in $names NODE_EXTRA_CA_CERTS; do echo "$name=$bundle"; done
  for setting in $patience; do echo "$setting"; done
} > "$root/etc/environment"
{
  for name in $names NODE_EXTRA_CA_CERTS; do echo "export $name=$bundle"; done
  for setting in $patience; do echo "export $setting"; done
} > "$root/etc/profile.d/esteira.sh"

install -d -m 755 "$root/usr/lib/esteira" "$root/var/lib/cloud" "$root/var/lib/esteira"
install -m 755 "$RECIPE/instance-boot.sh" "$root/usr/lib/esteira/boot"
install -m 755 "$RECIPE/instance-first-boot.sh" "$root/usr/lib/esteira/first-boot"
install -D -m 755 "$RECIPE/instance-shutdown.sh" \
  "$root/usr/lib/systemd/system-shutdown/esteira.shutdown"
echo 'L+ /run/docker.sock - - - - /run/esteira/docker.sock' > "$root/etc/tmpfiles.d/docker.conf"

units=$root/etc/systemd/system
cat > "$units/esteira-boot.service" <<'END'
[Unit]
Description=The instance's network, trust and name
DefaultDependencies=no
Before=sysinit.target network-pre.target network.target network-online.target ssh.socket
Wants=network.target network-online.target
After=systemd-journald.socket

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/esteira/boot
StandardOutput=journal+console

[Install]
WantedBy=sysinit.target
END
# Named as on the machines that people know, because units of theirs are ordered by these names.
cat > "$units/cloud-final.service" <<'END'
[Unit]
Description=User data, at the first boot
After=network-online.target docker.service nginx.service multi-user.target
Wants=network-online.target
ConditionPathExists=/run/esteira/instance

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/esteira/first-boot
StandardOutput=journal+console
TimeoutStartSec=0
KillMode=process

[Install]
WantedBy=cloud-init.target
END
cat > "$units/cloud-init.target" <<'END'
[Unit]
Description=What user data asked for is done
After=multi-user.target

[Install]
WantedBy=multi-user.target
END
# Docker runs outside; who starts, enables or waits for the service finds it running.
cat > "$units/docker.service" <<'END'
[Unit]
Description=The instance's Docker API
After=network-online.target
ConditionPathExists=/run/docker.sock

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true

[Install]
WantedBy=multi-user.target
END
in_root systemctl --quiet enable esteira-boot.service cloud-final.service cloud-init.target \
  docker.service

in_root groupadd --force --gid 990 docker
for user in admin ec2-user ubuntu; do
  in_root useradd --create-home --shell /bin/bash --groups sudo,docker "$user"
done
echo '%sudo ALL=(ALL:ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/esteira"
chmod 440 "$root/etc/sudoers.d/esteira"
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id"
: > "$root/etc/machine-id"
sed -i 's/^worker_processes .*/worker_processes 1;/' "$root/etc/nginx/nginx.conf"

leave_out_what_no_job_reads
install -d -m 755 "$root/var/log/nginx"
install -d -m 755 "$root/var/cache/apt/archives/partial" "$root/var/log/apt"
