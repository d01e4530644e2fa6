# Maven where the official image has it.
ln -sfn /usr/share/maven /opt/maven
mkdir -p /usr/share/maven/ref /root/.m2
cat > /usr/local/bin/mvn-entrypoint.sh <<'END'
#!/bin/sh
exec "$@"
END
chmod 755 /usr/local/bin/mvn-entrypoint.sh
echo "I: $(mvn --version | head -1)"
