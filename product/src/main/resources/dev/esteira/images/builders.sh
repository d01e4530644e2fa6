# Image builders without a daemon, on top of the image of Docker's client: their commands build and
# push by the job's own Docker API.
mkdir -p /kaniko/.docker /kaniko/ssl/certs /busybox /workspace
install -m 755 "$RECIPE/kaniko-executor.sh" /kaniko/executor
ln -s /etc/ssl/certs/ca-certificates.crt /kaniko/ssl/certs/ca-certificates.crt
for program in sh cat cp echo env ls mkdir mv printf pwd rm sed sleep test tr; do
  place=$(command -v "$program") || continue
  case $place in /*) ;; *) place=/usr/bin/$program ;; esac
  ln -s "$place" "/busybox/$program"
done
install -m 755 "$RECIPE/podman.sh" /usr/local/bin/podman
install -m 755 "$RECIPE/buildah.sh" /usr/local/bin/buildah
