# A JDK of another Debian release in the standard image, with the C library that it needs, and in
# front of the image's own.
release=sid
[ "$version" -lt 21 ] || release=trixie
pins=/etc/apt/preferences.d/java
versions() {
  dpkg-query -W -f '${Package} ${Version} ${source:Package}\n' | sort
}
versions > /tmp/before
# What Debian's next release was signed for is soon past; its packages are checked all the same.
sed -n "/bookworm main/s/bookworm/$release/p" /etc/apt/sources.list |
  sed 's/^deb \[/deb [check-valid-until=no /; t; s/^deb /deb [check-valid-until=no] /' \
    > /etc/apt/sources.list.d/java.list
printf 'Package: *\nPin: release n=%s\nPin-Priority: 100\n' "$release" > "$pins"
apt-get update -qq
apt-get install -qq -y --no-install-recommends -t "$release" "openjdk-$version-jdk-headless" \
  >/tmp/installed 2>&1 || {
  tail -n 15 /tmp/installed
  exit 1
}
# What else a job installs goes with the C library that is here now: of the sources that came from
# the other release, that one's packages are taken from now on.
for source in $(versions | comm -13 /tmp/before - | cut -d' ' -f3 | sort -u); do
  printf '\nPackage: src:%s\nPin: release n=%s\nPin-Priority: 990\n' "$source" "$release" \
    >> "$pins"
done
. "$RECIPE/java.sh"
for program in /opt/java/openjdk/bin/*; do
  ln -sf "$program" "/usr/local/bin/$(basename "$program")"
done
echo "I: $(mvn --version | sed -n 's/^Java version/Maven with Java/p')"
