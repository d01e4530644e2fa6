# A system that answers to the usual commands of the Red Hat family.
for name in yum dnf microdnf amazon-linux-extras yum-config-manager; do
  install -m 755 "$RECIPE/yum-container.sh" "/usr/local/bin/$name"
done
# Their sh is bash.
ln -sf bash /bin/sh
mkdir -p /var/www/html
echo "I: yum and dnf install Debian's packages"
