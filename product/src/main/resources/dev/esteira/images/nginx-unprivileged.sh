# NGINX as its unprivileged image has it: on port 8080, run by the user nginx.
sed -i 's/^\( *listen  *\(\[::\]:\)\{0,1\}\)80;/\18080;/' /etc/nginx/conf.d/default.conf
sed -i -e '/^user /d' -e 's|^pid .*|pid        /tmp/nginx.pid;|' /etc/nginx/nginx.conf
for part in client_body proxy fastcgi uwsgi scgi; do
  case $part in
    client_body) directive=client_body_temp_path ;;
    *) directive=${part}_temp_path ;;
  esac
  sed -i "s|^http {|http {\n    $directive /tmp/${part}_temp;|" /etc/nginx/nginx.conf
done
chown -R nginx:0 /var/cache/nginx /etc/nginx /usr/share/nginx/html
chmod -R g+w /var/cache/nginx /etc/nginx
rm -f /run/nginx.pid
