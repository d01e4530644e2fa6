#!/bin/sh
# Installs extensions of PHP by the commands of the official image, from Debian's packages.
set -e
me=$(basename "$0")
version=$(php -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;')

package_of() {
  case $1 in
    mysqli | pdo_mysql | mysqlnd) echo mysql ;;
    pgsql | pdo_pgsql) echo pgsql ;;
    pdo_sqlite | sqlite3) echo sqlite3 ;;
    dom | simplexml | xmlreader | xmlwriter | xsl | xml) echo xml ;;
    bcmath | bz2 | curl | enchant | gd | gmp | imap | intl | ldap | mbstring | odbc | opcache | \
      pspell | readline | snmp | soap | tidy | xmlrpc | zip) echo "$1" ;;
    redis | imagick | memcached | xdebug | apcu | mongodb | amqp | igbinary | msgpack | yaml | \
      rdkafka | ssh2 | mailparse | swoole | pcov | grpc | protobuf | uuid) echo "$1" ;;
    *) ;; # The others are part of Debian's PHP.
  esac
}

case $me in
  pecl) [ "$1" = install ] && shift || exit 0 ;;
  docker-php-ext-install) ;;
  *) exit 0 ;; # What is installed is configured and enabled.
esac

wanted=
for extension in "$@"; do
  case $extension in
    -*) continue ;;
  esac
  part=$(package_of "${extension%-[0-9]*}")
  [ -z "$part" ] || wanted="$wanted php$version-$part"
done
[ -n "$wanted" ] || exit 0
echo "$me: this image is made of Debian packages; installing:$wanted" >&2
[ -n "$(ls /var/lib/apt/lists 2>/dev/null)" ] || apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $wanted >/dev/null
