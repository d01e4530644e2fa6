# NGINX laid out as in the official image, in front of Debian's own program.
groupadd --system --gid 101 nginx 2>/dev/null || groupadd --system nginx
useradd --system --uid 101 --gid nginx --no-create-home --home-dir /nonexistent \
  --shell /bin/false nginx 2>/dev/null ||
  useradd --system --gid nginx --no-create-home --home-dir /nonexistent --shell /bin/false nginx

rm -rf /etc/nginx/sites-enabled /etc/nginx/sites-available /etc/nginx/snippets \
  /etc/nginx/modules-enabled /etc/nginx/*.conf /var/www/html
mkdir -p /etc/nginx/conf.d /usr/share/nginx/html /var/cache/nginx /docker-entrypoint.d
chown nginx:nginx /var/cache/nginx
rm -f /var/log/nginx/*
ln -sf /dev/stdout /var/log/nginx/access.log
ln -sf /dev/stderr /var/log/nginx/error.log
ln -sfn /usr/lib/nginx/modules /etc/nginx/modules

cat > /etc/nginx/nginx.conf <<'END'
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /var/run/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile           on;
    keepalive_timeout  65;

    include /etc/nginx/conf.d/*.conf;
}
END
cat > /etc/nginx/conf.d/default.conf <<'END'
server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
END
cat > /usr/share/nginx/html/index.html <<'END'
<!DOCTYPE html>
<html>
<head><title>Welcome to nginx!</title></head>
<body><h1>Welcome to nginx!</h1></body>
</html>
END
cat > /usr/share/nginx/html/50x.html <<'END'
<!DOCTYPE html>
<html>
<head><title>Error</title></head>
<body><h1>An error occurred.</h1></body>
</html>
END

cat > /docker-entrypoint.sh <<'END'
#!/bin/sh
# Before the server starts: the scripts of /docker-entrypoint.d, in the order of their names.
set -e
case $1 in
  nginx | nginx-debug)
    for file in $(find /docker-entrypoint.d/ -follow -type f | sort -V); do
      case $file in
        *.envsh) [ ! -x "$file" ] || . "$file" ;;
        *.sh) [ ! -x "$file" ] || "$file" ;;
      esac
    done
    ;;
esac
exec "$@"
END
cat > /docker-entrypoint.d/20-envsubst-on-templates.sh <<'END'
#!/bin/sh
# Fills in the environment's variables, and no others, in the templates of configuration files.
set -e
templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
[ -d "$templates" ] || exit 0
defined=$(env | cut -d= -f1 | grep -E "${NGINX_ENVSUBST_FILTER:-.}" | sed 's/.*/${&}/' | tr '\n' ' ')
find "$templates" -follow -type f -name "*$suffix" | while read -r template; do
  target=$output/${template#"$templates/"}
  target=${target%"$suffix"}
  mkdir -p "$(dirname "$target")"
  envsubst "$defined" <"$template" >"$target"
done
END
chmod 755 /docker-entrypoint.sh /docker-entrypoint.d/*.sh
nginx -t -q
echo "I: $(nginx -v 2>&1)"
