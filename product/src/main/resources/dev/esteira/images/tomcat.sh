# Tomcat laid out as in the official image, in front of Debian's own parts.
major=${version%%-*}
java=${version##*jdk}
home=/usr/local/tomcat
mkdir -p "$home/webapps" "$home/logs" "$home/temp" "$home/work"
for part in bin lib; do
  ln -sfn "/usr/share/tomcat$major/$part" "$home/$part"
done
cp -rL "/etc/tomcat$major" "$home/conf"
rm -rf "$home/conf/Catalina" "$home/conf/policy.d"
# Debian reads these from its own places.
cp -n "/usr/share/tomcat$major/etc/"* "$home/conf/" 2>/dev/null || true
sed -i 's|/var/lib/tomcat[0-9]*/|/usr/local/tomcat/|g' "$home/conf"/*.properties "$home/conf"/*.xml
version=$java
. "$RECIPE/java.sh"
JAVA_HOME=/opt/java/openjdk CATALINA_HOME=$home "$home/bin/catalina.sh" configtest 2>&1 | tail -3
echo "I: Tomcat $major"
