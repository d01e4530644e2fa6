# Memcached as in the official image: it listens for other containers, and is no root.
cat > /usr/local/bin/docker-entrypoint.sh <<'END'
#!/bin/sh
set -e
# An option is meant for the server.
[ "${1#-}" = "$1" ] || set -- memcached "$@"
exec "$@"
END
chmod 755 /usr/local/bin/docker-entrypoint.sh
echo "I: $(memcached -V)"
