# MariaDB laid out as in the official images of MySQL: the entrypoint makes the database.
rm -rf /var/lib/mysql /var/log/mysql
mkdir -p /docker-entrypoint-initdb.d /var/lib/mysql /var/run/mysqld /etc/mysql/conf.d
chown -R mysql:mysql /var/lib/mysql /var/run/mysqld
sed -i 's/^bind-address.*/bind-address = 0.0.0.0/' /etc/mysql/mariadb.conf.d/50-server.cnf
for pair in mariadbd:mysqld mariadb:mysql mariadb-admin:mysqladmin mariadb-dump:mysqldump; do
  program=$(command -v "${pair%%:*}")
  [ -e "/usr/local/bin/${pair#*:}" ] || ln -s "$program" "/usr/local/bin/${pair#*:}"
done
cat > /usr/local/bin/docker-entrypoint.sh <<'SCRIPT'
#!/bin/bash
# Makes the database of the variables at the first start, then runs the server.
set -e
[ "${1:0:1}" != - ] || set -- mysqld "$@"
case $1 in
  mysqld | mariadbd) shift ;;
  *) exec "$@" ;;
esac

# Options that MySQL has and MariaDB has not; they choose how passwords are kept.
options=()
for option in "$@"; do
  case $option in
    --default-authentication-plugin=* | --default_authentication_plugin=* | --mysqlx* | \
      --authentication-policy=*) ;;
    *) options+=("$option") ;;
  esac
done

given() { # NAME: the variable, under either maker's prefix, or what the file of NAME_FILE holds
  local prefix name file
  for prefix in MYSQL MARIADB; do
    name=${prefix}_$1
    file=${name}_FILE
    if [ -n "${!file:-}" ]; then
      cat "${!file}"
      return
    elif [ -n "${!name:-}" ]; then
      printf %s "${!name}"
      return
    fi
  done
}

data=/var/lib/mysql
mkdir -p "$data" /var/run/mysqld
chown -R mysql:mysql "$data" /var/run/mysqld
quoted() { printf %s "$1" | sed "s/[\\\\']/\\\\&/g"; }

if [ ! -d "$data/mysql" ]; then
  root=$(given ROOT_PASSWORD)
  if [ -z "$root" ] && [ -z "$(given ALLOW_EMPTY_PASSWORD)$(given ALLOW_EMPTY_ROOT_PASSWORD)" ] &&
    [ -z "$(given RANDOM_ROOT_PASSWORD)" ]; then
    echo 'Database is uninitialized and password option is not specified.' >&2
    echo 'Set one of MYSQL_ROOT_PASSWORD, MYSQL_ALLOW_EMPTY_PASSWORD, MYSQL_RANDOM_ROOT_PASSWORD.' >&2
    exit 1
  fi
  [ -z "$(given RANDOM_ROOT_PASSWORD)" ] || root=$(head -c 24 /dev/urandom | base64)
  mariadb-install-db --user=mysql --datadir="$data" --skip-test-db >/dev/null
  mariadbd --user=mysql --datadir="$data" --skip-networking --socket=/var/run/mysqld/first.sock &
  server=$!
  for _ in $(seq 1 120); do
    mariadb-admin --socket=/var/run/mysqld/first.sock ping >/dev/null 2>&1 && break
    sleep 0.5
  done
  database=$(given DATABASE)
  user=$(given USER)
  password=$(given PASSWORD)
  {
    echo "CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY '$(quoted "$root")';"
    echo "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;"
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$(quoted "$root")';"
    [ -z "$database" ] || echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"
    if [ -n "$user" ] && [ "$user" != root ]; then
      echo "CREATE USER IF NOT EXISTS '$user'@'%' IDENTIFIED BY '$(quoted "$password")';"
      [ -z "$database" ] || echo "GRANT ALL ON \`$database\`.* TO '$user'@'%';"
    fi
    echo 'FLUSH PRIVILEGES;'
  } | mariadb --socket=/var/run/mysqld/first.sock
  sql=(mariadb --socket=/var/run/mysqld/first.sock -uroot "-p$root")
  [ -n "$root" ] || sql=(mariadb --socket=/var/run/mysqld/first.sock -uroot)
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) "${sql[@]}" ${database:+"$database"} < "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${sql[@]}" ${database:+"$database"} ;;
    esac
  done
  kill "$server"
  wait "$server" || true
fi
exec mariadbd --user=mysql --datadir="$data" "${options[@]}"
SCRIPT
chmod 755 /usr/local/bin/docker-entrypoint.sh
echo "I: $(mariadbd --version)"
