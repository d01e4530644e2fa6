# The JDK where images of several makers have it.
home=$(find /usr/lib/jvm -maxdepth 1 -type d -name "java-$version-openjdk-*" | head -1)
mkdir -p /opt/java /usr/java
for place in /opt/java/openjdk /usr/local/openjdk-"$version" /usr/java/openjdk-"$version" \
  /usr/lib/jvm/java-"$version"-amazon-corretto; do
  ln -sfn "$home" "$place"
done
# Java trusts what the system trusts.
update-ca-certificates --fresh >/dev/null 2>&1
cat "$RECIPE/ca-certificates.crt" > /etc/ssl/certs/ca-certificates.crt
echo "I: $("$home/bin/java" -version 2>&1 | head -1)"
