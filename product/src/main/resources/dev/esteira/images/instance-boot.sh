#!/bin/sh
# Waits for the network interface that the house plugs in, then takes on trust, name and keys.
given=/run/esteira
rm -f /var/lib/esteira/shutdown

for _ in $(seq 600); do
  if grep -q ' 0003 ' /proc/net/route 2>/dev/null || grep -q '	0003	' /proc/net/route; then
    break
  fi
  sleep 0.05
done

if [ -s "$given/ca.pem" ]; then
  cat "$given/ca.pem" > /etc/ssl/certs/ca-certificates.crt
  cat "$given/root.pem" > /usr/local/share/ca-certificates/esteira.crt
fi
if [ -s "$given/hostname" ]; then
  name=$(cat "$given/hostname")
  echo "${name%%.*}" > /etc/hostname 2>/dev/null
  grep -q " $name" /etc/hosts || echo "127.0.1.1 $name ${name%%.*}" >> /etc/hosts
fi
if [ -s "$given/authorized_keys" ]; then
  for home in /root /home/admin /home/ec2-user /home/ubuntu; do
    owner=$(stat -c %u:%g "$home") || continue
    mkdir -p "$home/.ssh" && chmod 700 "$home/.ssh"
    while read -r key; do
      grep -qxF "$key" "$home/.ssh/authorized_keys" 2>/dev/null ||
        echo "$key" >> "$home/.ssh/authorized_keys"
    done < "$given/authorized_keys"
    chown -R "$owner" "$home/.ssh" && chmod 600 "$home/.ssh/authorized_keys"
  done
fi
# What stands in for another system's machine serves nothing until its user data says so.
if [ -s "$given/stand-in" ] && [ ! -e /var/lib/cloud/instances ]; then
  rm -f /etc/systemd/system/multi-user.target.wants/nginx.service
  systemctl --no-block stop nginx.service
fi
ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1 || ssh-keygen -A >/dev/null 2>&1
exit 0
