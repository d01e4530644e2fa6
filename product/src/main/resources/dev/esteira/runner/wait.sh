# What a sandbox runs that was made before its job was known: it waits for the file 'begin', which
# says where and with which variables the supervisor starts. The bell is rung after the file is
# there; a ring that comes before the bell is heard loses nothing, because the file is looked for
# once more. No command of a job has run until then.
d=/run/esteira
mkfifo "$d/bell" || exit 1
exec 3<>"$d/bell"
: >"$d/waits"
while [ ! -e "$d/begin" ]; do
  read -r ring <&3
done
exec 3<&-
unset ring
rm -f "$d/bell" "$d/waits" "$d/wait.sh"
. "$d/begin"
