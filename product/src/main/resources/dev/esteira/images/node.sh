# Node.js where the official image has it, with its user.
cp -a "$RECIPE/got/node-linux-"*/bin "$RECIPE/got/node-linux-"*/include /usr/local/
modules=/usr/local/lib/node_modules
mkdir -p "$modules" /opt
cp -a "$RECIPE/got/npm" "$modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
if [ -e "$modules/npm/bin/npx-cli.js" ]; then
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
fi
cp -a "$RECIPE/got/yarn" /opt/yarn-v1
ln -sf /opt/yarn-v1/bin/yarn /usr/local/bin/yarn
ln -sf /opt/yarn-v1/bin/yarnpkg /usr/local/bin/yarnpkg
ln -sf node /usr/local/bin/nodejs
chown -R root:root /usr/local/lib /usr/local/bin /usr/local/include /opt/yarn-v1
chmod -R go-w "$modules" /opt/yarn-v1
chmod 755 "$modules/npm/bin/"*.js /opt/yarn-v1/bin/*

groupadd --gid 1000 node
useradd --uid 1000 --gid node --shell /bin/bash --create-home node

cat > /usr/local/bin/docker-entrypoint.sh <<'END'
#!/bin/sh
set -e
# An option, or what is no program, is meant for node.
if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
  set -- node "$@"
fi
exec "$@"
END
chmod 755 /usr/local/bin/docker-entrypoint.sh
# Headers are here, so that a native module compiles without fetching them.
mkdir -p /usr/local/etc
echo 'nodedir=/usr/local' > /usr/local/etc/npmrc
echo "I: node $(node --version), npm $(npm --version), yarn $(yarn --version)"
