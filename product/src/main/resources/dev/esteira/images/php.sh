# PHP laid out as in the official image, in front of Debian's own programs.
ln -sf "$(command -v "php$version")" /usr/local/bin/php
mkdir -p /usr/local/etc/php/conf.d /var/www/html
for name in docker-php-ext-install docker-php-ext-enable docker-php-ext-configure pecl; do
  install -m 755 "$RECIPE/php-extensions.sh" "/usr/local/bin/$name"
done

# Settings that people put into the official image's directory are read last.
for kind in cli apache2 fpm; do
  directory=/etc/php/$version/$kind
  [ -d "$directory" ] || continue
  cp "$directory/php.ini" /usr/local/etc/php/php.ini-production
  cp "$directory/php.ini" /usr/local/etc/php/php.ini-development
  rm -f "$directory/php.ini"
  ln -s /usr/local/etc/php/php.ini "$directory/php.ini"
done
: > /usr/local/etc/php/php.ini

cat > /usr/local/bin/docker-php-entrypoint <<'SCRIPT'
#!/bin/sh
set -e
[ "${1#-}" = "$1" ] || set -- php "$@"
for kind in cli apache2 fpm; do
  for directory in /etc/php/*/"$kind"/conf.d; do
    [ -d "$directory" ] || continue
    for file in /usr/local/etc/php/conf.d/*.ini; do
      [ ! -e "$file" ] || ln -sf "$file" "$directory/99-$(basename "$file")"
    done
  done
done
exec "$@"
SCRIPT
chmod 755 /usr/local/bin/docker-php-entrypoint

if command -v a2enmod >/dev/null; then
  a2dismod -q mpm_event 2>/dev/null || true
  a2enmod -q mpm_prefork "php$version" >/dev/null 2>&1 || a2enmod -q mpm_prefork >/dev/null
  rm -f /var/www/html/index.html /var/log/apache2/*
  ln -sf /dev/stdout /var/log/apache2/access.log
  ln -sf /dev/stdout /var/log/apache2/other_vhosts_access.log
  ln -sf /dev/stderr /var/log/apache2/error.log
  {
    echo 'ServerName localhost'
    echo 'DirectoryIndex index.php index.html'
    echo '<Directory /var/www/>'
    echo '  Options -Indexes +FollowSymLinks'
    echo '  AllowOverride All'
    echo '</Directory>'
  } > /etc/apache2/conf-available/docker-php.conf
  a2enconf -q docker-php >/dev/null
  cat > /usr/local/bin/apache2-foreground <<'SCRIPT'
#!/bin/sh
set -e
. /etc/apache2/envvars
mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR" "$APACHE_LOG_DIR"
rm -f "$APACHE_PID_FILE"
exec apache2 -DFOREGROUND "$@"
SCRIPT
  chmod 755 /usr/local/bin/apache2-foreground
  chown -R www-data:www-data /var/www/html
fi

pool=/etc/php/$version/fpm/pool.d/www.conf
if [ -e "$pool" ]; then
  sed -i 's/^listen = .*/listen = 9000/; s/^;clear_env = no/clear_env = no/' "$pool"
  sed -i 's/^;catch_workers_output = .*/catch_workers_output = yes/' "$pool"
  sed -i 's|^error_log = .*|error_log = /proc/self/fd/2|; s/^;daemonize = .*/daemonize = no/' \
    "/etc/php/$version/fpm/php-fpm.conf"
  ln -sf "/usr/sbin/php-fpm$version" /usr/local/sbin/php-fpm
  ln -sfn "/etc/php/$version/fpm/pool.d" /usr/local/etc/php-fpm.d
  ln -sf "/etc/php/$version/fpm/php-fpm.conf" /usr/local/etc/php-fpm.conf
fi
echo "I: $(php -v | head -1)"
