#!/bin/sh
# adduser and addgroup as Alpine's busybox and as Debian have them: options of one letter are
# busybox's, everything else is Debian's own.
me=$(basename "$0")

is_busybox=
for argument in "$@"; do
  case $argument in
    --*) ;;
    -?*) is_busybox=yes ;;
  esac
done
[ -n "$is_busybox" ] || [ $# -eq 0 ] || exec "/usr/sbin/$me" "$@"

system=
no_home=
home=
shell=/bin/sh
group=
id=
names=
while [ $# -gt 0 ]; do
  letters=
  case $1 in
    --system) letters=S ;;
    --no-create-home) letters=H ;;
    --home) letters=h ;;
    --shell) letters=s ;;
    --ingroup) letters=G ;;
    --uid) letters=u ;;
    --gid) letters=g ;;
    --gecos) letters=k ;;
    --*) ;;
    -*) letters=${1#-} ;;
    *) names="$names $1" ;;
  esac
  value=
  case $letters in
    *[hskGug]) shift; value=${1:-} ;;
  esac
  case $letters in *S*) system=yes ;; esac
  case $letters in *H*) no_home=yes ;; esac
  case $me:$letters in
    *:*h) home=$value ;;
    *:*s) shell=$value ;;
    *:*G) group=$value ;;
    *:*u | addgroup:*g) id=$value ;;
  esac
  [ $# -eq 0 ] || shift
done
# shellcheck disable=SC2086
set -- $names
name=${1:-}
if [ -z "$name" ]; then
  echo "$me: a name is missing" >&2
  exit 1
fi

if [ $# -eq 2 ]; then
  exec usermod -aG "$2" "$1"
fi
if [ "$me" = addgroup ]; then
  if getent group "$name" >/dev/null; then
    echo "addgroup: group '$name' in use" >&2
    exit 1
  fi
  exec groupadd ${system:+--system} ${id:+--gid "$id" --non-unique} "$name"
fi
if [ -n "$group" ]; then
  set -- --no-user-group --gid "$group"
elif getent group "$name" >/dev/null; then
  set -- --no-user-group --gid "$name"
elif [ -n "$system" ]; then
  set -- --no-user-group --gid nogroup
else
  set -- --user-group
fi
if [ -n "$no_home" ]; then
  set -- "$@" --no-create-home
else
  set -- "$@" --create-home
fi
exec useradd ${system:+--system} ${id:+--uid "$id" --non-unique} --shell "$shell" \
  --home-dir "${home:-/home/$name}" "$@" "$name"
