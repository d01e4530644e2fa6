# The ground of images that stand in for general ones: a minimal Debian that answers to the usual
# commands of an Alpine system as well.
. "$RECIPE/common.sh"

trust_as_the_host_does
install -D -m 644 "$RECIPE/pip.conf" "$root/etc/pip.conf"
mkdir -p "$root/opt/wheels"
install -D -m 755 "$RECIPE/apk.sh" "$root/usr/local/bin/apk"
install -D -m 755 "$RECIPE/aws.sh" "$root/usr/local/share/esteira/aws"
for name in adduser addgroup; do
  install -D -m 755 "$RECIPE/adduser.sh" "$root/usr/local/sbin/$name"
done

# A package that is installed starts no service.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

leave_out_what_no_job_reads
# Packages link their manual pages here when they are set up, and fail without it.
mkdir -p "$root/usr/share/man/man1" "$root/usr/share/man/man7"
