# The supervisor of a job, the one long-lived process of its sandbox. It runs the job's shell and
# starts another one where that one ended, until the driver says that the job is over. It needs
# nothing from outside, so the job goes on while nobody watches. Works in dash, bash and busybox.
d=${ESTEIRA_CONTROL:-/run/esteira}
umask 022
if [ -z "$ESTEIRA_CONTROL" ]; then
  mkdir -p /var/run 2>/dev/null
  ln -sfn "$d/door/docker.sock" /var/run/docker.sock 2>/dev/null
fi
exec </dev/null >>"$d/log" 2>&1
echo $$ >"$d/pid"
unset ESTEIRA_CONTROL
if [ -e "$d/links" ]; then
  # Caches outside of the workspace; what the image has there already stays as it is.
  while read -r name path; do
    mkdir -p "${path%/*}"
    rmdir "$path" 2>/dev/null
    [ -e "$path" ] || ln -s "$d/cache/$name" "$path"
  done <"$d/links"
fi
if [ -e "$d/kubeconfig" ] && [ -z "${KUBECONFIG:-}" ]; then
  # Behind the user's own file, which wins wherever both say something.
  KUBECONFIG=${HOME:-/root}/.kube/config:$d/kubeconfig
  export KUBECONFIG
fi
shell=/bin/sh
for s in /bin/bash /usr/bin/bash /usr/local/bin/bash; do
  [ -x "$s" ] && shell=$s && break
done
[ ! -e "$d/shell/path" ] || read -r shell <"$d/shell/path"
if [ -e "$d/shell/bash-wanted" ] && [ "$shell" = /bin/sh ]; then
  echo "env.shell asks for bash, but the job's image has none"
  echo "X 1 -1 127" >>"$d/steps"
  : >"$d/over"
fi
shells_max=1000
shells=0
rc=0
while [ ! -e "$d/over" ] && [ $shells -lt $shells_max ]; do
  $shell "$d/driver.sh" "$d" $rc
  rc=$?
  shells=$((shells + 1))
done
if [ ! -e "$d/over" ]; then
  echo "X 1 -1 $rc" >>"$d/steps"
  : >"$d/over"
fi
