# Python with pip where the official image has them; $version is that of the ground's Python.
rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
# The index's own pip, which upgrades what it has installed; Debian's knows none of its own files.
case $version in
  3.9 | 3.11) more='setuptools<66 wheel' ;;
  *) more= ;;
esac
# shellcheck disable=SC2086
if python3 -m pip install --quiet --upgrade --ignore-installed pip $more; then
  apt-get purge -qq -y python3-pip python3-setuptools python3-wheel python3-packaging >/dev/null
fi
hash -r
ln -sf /usr/bin/python3 /usr/local/bin/python3
ln -sf python3 /usr/local/bin/python
[ -e /usr/local/bin/pip3 ] || ln -sf /usr/bin/pip3 /usr/local/bin/pip3
[ -e /usr/local/bin/pip ] || ln -sf pip3 /usr/local/bin/pip
ln -sf python3 /usr/bin/python
# Files that copy packages out of a stage name the directory of the version that they expect.
packages=/usr/local/lib/python$version
mkdir -p "$packages/dist-packages"
ln -sfn dist-packages "$packages/site-packages"
for minor in 6 7 8 9 10 11 12 13 14; do
  [ -e "/usr/local/lib/python3.$minor" ] || ln -s "python$version" "/usr/local/lib/python3.$minor"
done
rm -rf /root/.cache
echo "I: $(python --version), $(pip --version | cut -d' ' -f1-2)"
