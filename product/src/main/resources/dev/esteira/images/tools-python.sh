# Python 3.9 of Debian 11 in the standard image, in front of its own: packages of some years ago
# work with no later one.
sed -n '/bookworm main/s/bookworm/bullseye/p' /etc/apt/sources.list \
  > /etc/apt/sources.list.d/python.list
apt-get update -qq
apt-get install -qq -y --no-install-recommends python3.9 python3.9-dev gcc libc6-dev \
  >/tmp/installed 2>&1 || {
  tail -n 15 /tmp/installed
  exit 1
}
mkdir -p /tmp/parts
(
  cd /tmp/parts
  apt-get download -qq python3-distutils/bullseye python3-lib2to3/bullseye
  for package in ./*.deb; do
    dpkg-deb -x "$package" .
  done
  cp -a usr/lib/python3.9/. /usr/lib/python3.9/
)
rm -rf /tmp/parts /etc/apt/sources.list.d/python.list
# What is installed for the image's own Python, such as its aws, is none of this one's: its pip
# would put other versions in its place.
rm -f /usr/lib/python3.9/sitecustomize.py
cat > /usr/lib/python3.9/sitecustomize.py <<'SCRIPT'
import sys

sys.path[:] = [path for path in sys.path if path != "/usr/lib/python3/dist-packages"]
SCRIPT
/usr/bin/python3 -m pip --python /usr/bin/python3.9 install --quiet --ignore-installed \
  pip 'setuptools<66' wheel
for name in python python3; do
  ln -sf /usr/bin/python3.9 "/usr/local/bin/$name"
done
[ ! -e /usr/local/bin/pip3.9 ] || for name in pip pip3; do
  ln -sf pip3.9 "/usr/local/bin/$name"
done
rm -rf /root/.cache
echo "I: $(python --version), $(pip --version | cut -d' ' -f1-2)"
