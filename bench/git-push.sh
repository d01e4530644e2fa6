#!/usr/bin/env bash
# git push of one commit over HTTP: esteira against git-http-backend behind nginx.
. "$(dirname "$0")/lib.sh"
need git:git nginx:nginx fcgiwrap:fcgiwrap
house
"$root/esteira" project create bench-push > /dev/null
ours=$("$root/esteira" project url bench-push)

# The rival on loopback, from Debian packages.
mkdir -p "$scratch/repos" "$scratch/nginx"
git init -q --bare "$scratch/repos/r.git"
git -C "$scratch/repos/r.git" config http.receivepack true
chmod 755 "$scratch"
fcgiwrap -s "unix:$scratch/fcgi.sock" & rival=$!
at_end "kill $rival"
cat > "$scratch/nginx.conf" <<C
user root; pid $scratch/nginx.pid; error_log $scratch/nginx/error.log;
events {}
http {
  access_log off; client_max_body_size 1g; client_body_temp_path $scratch/nginx/body; fastcgi_temp_path $scratch/nginx/fcgi;
  proxy_temp_path $scratch/nginx/proxy; uwsgi_temp_path $scratch/nginx/uwsgi; scgi_temp_path $scratch/nginx/scgi;
  server {
    listen 127.0.0.1:18099;
    location / {
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
      fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param GIT_PROJECT_ROOT $scratch/repos;
      fastcgi_param PATH_INFO \$uri;
      fastcgi_pass unix:$scratch/fcgi.sock;
    }
  }
}
C
nginx -c "$scratch/nginx.conf"
at_end "nginx -c $scratch/nginx.conf -s stop"
theirs=http://127.0.0.1:18099/r.git

git init -q -b bench "$scratch/work"
cd "$scratch/work"
push() { git push -q -f "$1" HEAD:refs/heads/"$2"; }
commit() { echo "$RANDOM$1" > file; git add -A; git commit -q -m "$1"; }
# The first push makes the default branch; the timed ones go to another, so that no run starts.
commit 0; push "$ours" bench; push "$theirs" bench
for ((i = 0; i < rounds * 4; i++)); do
  commit "$i"
  timed "$scratch/a" push "$ours" other
  timed "$scratch/b" push "$theirs" other
done
report "git push of one commit" ms "$scratch/a" "$scratch/b" git-http-backend
