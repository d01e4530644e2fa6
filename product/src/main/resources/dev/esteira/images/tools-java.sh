# A JDK of another Debian release in the standard image, with the C library that it needs, and in
# front of the image's own.
release=sid
[ "$version" -lt 21 ] || release=trixie
sed -n "/bookworm main/s/bookworm/$release/p" /etc/apt/sources.list \
  > /etc/apt/sources.list.d/java.list
printf 'Package: *\nPin: release n=%s\nPin-Priority: 100\n' "$release" \
  > /etc/apt/preferences.d/java
# What Debian's next release was signed for is soon past; its packages are checked all the same.
apt-get update -qq -o Acquire::Check-Valid-Until=false
apt-get install -qq -y --no-install-recommends -t "$release" "openjdk-$version-jdk-headless" \
  >/tmp/installed 2>&1 || {
  tail -n 15 /tmp/installed
  exit 1
}
rm -f /etc/apt/sources.list.d/java.list /etc/apt/preferences.d/java
. "$RECIPE/java.sh"
for program in /opt/java/openjdk/bin/*; do
  ln -sf "$program" "/usr/local/bin/$(basename "$program")"
done
echo "I: $(mvn --version | sed -n 's/^Java version/Maven with Java/p')"
