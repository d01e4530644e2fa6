# Redis laid out as in the official image: data in /data, reachable from other containers.
rm -f /etc/redis/redis.conf
mkdir -p /data
chown redis:redis /data
cat > /usr/local/bin/docker-entrypoint.sh <<'END'
#!/bin/sh
set -e
# An option, or a configuration file, is meant for the server.
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- redis-server "$@"
fi
if [ "$1" = redis-server ]; then
  case " $* " in
    *.conf\ * | *\ --protected-mode\ *) ;;
    *) set -- "$@" --protected-mode no ;;
  esac
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' + 2>/dev/null || true
    exec setpriv --reuid redis --regid redis --clear-groups "$@"
  fi
fi
exec "$@"
END
chmod 755 /usr/local/bin/docker-entrypoint.sh
echo "I: $(redis-server --version | cut -d' ' -f1-3)"
