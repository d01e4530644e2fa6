# Go of one version, as its makers publish it for the go command; Debian's own fetches it.
apt-get update -qq
apt-get install -qq -y --no-install-recommends golang-go >/dev/null
GOPATH=$RECIPE/go
GOFLAGS=-modcacherw
GOTOOLCHAIN=local
export GOPATH GOFLAGS GOTOOLCHAIN
suffix=linux-$(dpkg --print-architecture)
if [ "$version" = latest ]; then
  wanted='go[0-9]+(\.[0-9]+)*'
else
  wanted="go$(echo "$version" | sed 's/\./\\./g')(\\.[0-9]+)?"
fi
release=$(go list -m -versions golang.org/toolchain | tr ' ' '\n' |
  grep -E "^v0\.0\.1-$wanted\.$suffix\$" | sort -V | tail -1)
if [ -z "$release" ]; then
  echo "there is no toolchain of Go $version for $suffix" >&2
  exit 1
fi
echo "I: fetching ${release#v0.0.1-}"
mkdir -p "$RECIPE/module"
(cd "$RECIPE/module" && go mod init fetch 2>/dev/null && go mod download "golang.org/toolchain@$release")
cp -a "$GOPATH/pkg/mod/golang.org/toolchain@$release" /usr/local/go
chown -R root:root /usr/local/go
# The module's archive knows no file modes.
chmod -R u+w,go-w,a+rX /usr/local/go
find /usr/local/go/bin /usr/local/go/pkg/tool -type f -exec chmod 755 {} +
apt-get purge -qq -y "golang-*" >/dev/null
apt-get autoremove -qq -y >/dev/null
mkdir -p /go/src /go/bin
chmod -R 1777 /go
echo "I: $(/usr/local/go/bin/go version)"
