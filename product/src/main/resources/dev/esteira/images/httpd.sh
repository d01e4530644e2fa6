# Apache laid out as in the official image, in front of Debian's own program.
place=/usr/local/apache2
mkdir -p $place/htdocs $place/conf $place/logs $place/cgi-bin $place/bin
ln -sfn /usr/lib/apache2/modules $place/modules
for program in /usr/sbin/apache2:httpd /usr/sbin/apachectl:apachectl /usr/bin/htpasswd:htpasswd; do
  ln -sf "${program%%:*}" "$place/bin/${program#*:}"
done
cp /etc/mime.types $place/conf/mime.types 2>/dev/null || cp /etc/apache2/magic $place/conf/
echo '<html><body><h1>It works!</h1></body></html>' > $place/htdocs/index.html
{
  echo 'ServerRoot "/usr/local/apache2"'
  echo 'Listen 80'
  for module in mpm_event authn_file authn_core authz_host authz_user authz_core access_compat \
    auth_basic reqtimeout filter deflate mime env headers expires setenvif version:no dir alias \
    rewrite proxy proxy_http status autoindex; do
    file=modules/mod_${module%%:*}.so
    [ ! -e "$place/$file" ] || echo "LoadModule ${module%%:*}_module $file"
  done
  cat <<'END'
User www-data
Group www-data
ServerAdmin you@example.com
ServerName localhost
PidFile /tmp/httpd.pid
<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "/usr/local/apache2/htdocs"
<Directory "/usr/local/apache2/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
DirectoryIndex index.html
ErrorLog /proc/self/fd/2
LogLevel warn
LogFormat "%h %l %u %t \"%r\" %>s %b" common
CustomLog /proc/self/fd/1 common
TypesConfig /etc/mime.types
END
} > $place/conf/httpd.conf
cat > /usr/local/bin/httpd-foreground <<'END'
#!/bin/sh
set -e
rm -f /tmp/httpd.pid
exec httpd -f /usr/local/apache2/conf/httpd.conf -DFOREGROUND "$@"
END
chmod 755 /usr/local/bin/httpd-foreground
PATH=$place/bin:$PATH httpd -t -f $place/conf/httpd.conf
echo "I: $(apache2 -v | head -1)"
