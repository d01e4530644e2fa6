# PostgreSQL laid out as in the official image. Debian's own cluster goes; the entrypoint makes one.
rm -rf /var/lib/postgresql/* /etc/postgresql/* /var/log/postgresql
bin=$(dirname "$(find /usr/lib/postgresql -name initdb | head -1)")
for program in "$bin"/*; do
  ln -sf "$program" "/usr/local/bin/$(basename "$program")"
done
mkdir -p /docker-entrypoint-initdb.d /var/lib/postgresql/data /var/run/postgresql
chown -R postgres:postgres /var/lib/postgresql /var/run/postgresql
chmod 3777 /var/run/postgresql
cat > /usr/local/bin/docker-entrypoint.sh <<'END'
#!/bin/bash
# Makes the database of the variables at the first start, then runs the server.
set -e
[ "${1:0:1}" != - ] || set -- postgres "$@"
[ "$1" = postgres ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres "$PGDATA"
  chmod 700 "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi

given() { # NAME DEFAULT: the variable, or what the file that NAME_FILE names holds
  local file=${1}_FILE
  if [ -n "${!file:-}" ]; then
    cat "${!file}"
  else
    printf %s "${!1:-$2}"
  fi
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(given POSTGRES_USER postgres)
  password=$(given POSTGRES_PASSWORD '')
  database=$(given POSTGRES_DB "$user")
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "$password" ] && [ "$method" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    echo 'Set POSTGRES_PASSWORD to a non-empty value for the superuser.' >&2
    exit 1
  fi
  # shellcheck disable=SC2086
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  export PGUSER=$user PGPASSWORD=$password
  [ "$database" = postgres ] ||
    psql -v ON_ERROR_STOP=1 -d postgres -v name="$database" <<< 'CREATE DATABASE :"name";'
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc -d "$database" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | psql -v ON_ERROR_STOP=1 --no-psqlrc -d "$database" ;;
    esac
  done
  unset PGUSER PGPASSWORD
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@" -c listen_addresses='*'
END
chmod 755 /usr/local/bin/docker-entrypoint.sh
echo "I: $(postgres --version)"
