#!/bin/bash
# Runs the user data once in the life of an instance: a copy of its disk is another instance.
given=/run/esteira
id=$(cat "$given/instance")
done=/var/lib/cloud/instances/$id
[ -e "$done/sem" ] && exit 0
mkdir -p "$done/scripts"
ln -sfn "$done" /var/lib/cloud/instance
: > "$done/sem"
if [ -s "$given/stand-in" ]; then
  # Whoever installs NGINX there expects it to be new: to be set up and started then.
  # shellcheck disable=SC2046
  dpkg --purge --force-depends \
    $(dpkg-query -W -f '${Package} ' 'nginx*' 'libnginx-mod-*' 2> /dev/null) > /dev/null 2>&1
  tee -a /var/log/cloud-init-output.log < "$given/stand-in"
fi
[ -e "$given/user-data.sh" ] || exit 0
cp "$given/user-data.sh" "$done/scripts/part-001"
cp "$given/user-data" "$done/user-data.txt" 2>/dev/null
chmod 700 "$done/scripts/part-001"
echo "Cloud-init v. 22.4 running 'modules:final' at $(date -R)."
cd / || exit 1
"$done/scripts/part-001" 2>&1 | tee -a /var/log/cloud-init-output.log
code=${PIPESTATUS[0]}
mkdir -p /var/lib/cloud/data /run/cloud-init
echo "{\"v1\": {\"errors\": []}}" > /var/lib/cloud/data/result.json
if [ "$code" != 0 ]; then
  echo "Failed to run user data: exit code $code" | tee -a /var/log/cloud-init-output.log
fi
touch "$done/boot-finished"
echo "Cloud-init v. 22.4 finished at $(date -R). Datasource DataSourceEc2Local."
exit "$code"
