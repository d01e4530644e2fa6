#!/bin/sh
# Scripts for the docker images call Alpine's apk. Here it installs Debian's packages of the same
# purpose, and says so; a package without a counterpart fails as it would there.
set -e

verb=
packages=
virtual=
for argument in "$@"; do
  if [ -n "$virtual" ]; then
    virtual=
    continue
  fi
  case $argument in
    -t | --virtual | -X | --repository) virtual=yes ;;
    -*) ;;
    *)
      if [ -z "$verb" ]; then
        verb=$argument
      else
        packages="$packages ${argument%%[=<>~@]*}"
      fi
      ;;
  esac
done

counterpart() {
  case $1 in
    py-pip | py3-pip | py2-pip | pip) echo python3-pip ;;
    python | python2 | python3 | python3-dev | python-dev) echo "$1" | sed 's/^python\(2\|\)\(-dev\)\{0,1\}$/python3\2/' ;;
    py3-* | py-*) echo "python3-${1#py*-}" ;;
    build-base | alpine-sdk) echo build-essential ;;
    openssh | openssh-client | openssh-client-default | openssh-keygen) echo openssh-client ;;
    aws-cli | awscli) echo awscli ;;
    docker | docker-cli | musl | musl-utils | libintl | icu-libs | icu-data* | alpine-* | busybox* | \
      libssl3 | libcrypto3 | libssl1.1 | lz4-libs | libc-utils) ;;
    docker-compose | docker-cli-compose) [ -e /usr/libexec/esteira/docker-compose ] || echo docker-compose ;;
    gettext) echo gettext-base ;;
    openjdk[0-9]* | openjdk*-jre*) echo default-jdk-headless ;;
    libc6-compat | gcompat | musl-dev | libc-dev) echo libc6-dev ;;
    linux-headers) echo linux-libc-dev ;;
    kubectl) echo kubernetes-client ;;
    yarn) echo yarnpkg ;;
    nodejs-current | nodejs-npm) echo nodejs npm ;;
    go) echo golang-go ;;
    mysql-client | mariadb-client) echo default-mysql-client ;;
    mysql | mariadb) echo default-mysql-server ;;
    mariadb-dev | mysql-dev | mariadb-connector-c*) echo default-libmysqlclient-dev ;;
    postgresql-dev | libpq-dev) echo libpq-dev ;;
    postgresql[0-9]*-client) echo postgresql-client ;;
    libpq | postgresql-libs) echo libpq5 ;;
    zlib) echo zlib1g ;;
    jpeg | libjpeg | libjpeg-turbo) echo libjpeg62-turbo ;;
    libpng) echo libpng16-16 ;;
    libwebp) echo libwebp7 ;;
    libxslt) echo libxslt1.1 ;;
    tiff) apt-cache show libtiff6 >/dev/null 2>&1 && echo libtiff6 || echo libtiff5 ;;
    redis) echo redis-server redis-tools ;;
    sqlite) echo sqlite3 ;;
    sqlite-libs) echo libsqlite3-0 ;;
    bind-tools) echo dnsutils ;;
    netcat | nc) echo netcat-openbsd ;;
    su-exec) echo gosu ;;
    libstdc++) echo libstdc++6 ;;
    libgcc) echo libgcc-s1 ;;
    libcap) echo libcap2-bin ;;
    libgomp) echo libgomp1 ;;
    ttf-dejavu | font-dejavu) echo fonts-dejavu-core ;;
    ttf-freefont) echo fonts-freefont-ttf ;;
    freetype) echo libfreetype6 ;;
    harfbuzz) echo libharfbuzz0b ;;
    nss) echo libnss3 ;;
    krb5-libs) echo libkrb5-3 ;;
    ncurses) echo ncurses-bin ;;
    xz) echo xz-utils ;;
    pkgconfig | pkgconf) echo pkg-config ;;
    protobuf | protoc) echo protobuf-compiler ;;
    vips) echo libvips42 ;;
    openssl-dev) echo libssl-dev ;;
    zlib-dev) echo zlib1g-dev ;;
    jpeg-dev | libjpeg-turbo-dev) echo libjpeg-dev ;;
    libxslt-dev) echo libxslt1-dev ;;
    curl-dev) echo libcurl4-openssl-dev ;;
    oniguruma-dev) echo libonig-dev ;;
    sqlite-dev) echo libsqlite3-dev ;;
    bzip2-dev) echo libbz2-dev ;;
    xz-dev) echo liblzma-dev ;;
    ncurses-dev) echo libncurses-dev ;;
    linux-pam-dev) echo libpam0g-dev ;;
    util-linux-dev) echo uuid-dev ;;
    ca-certificates-bundle) echo ca-certificates ;;
    shadow) echo passwd ;;
    *-dev)
      # Debian's names of headers begin with "lib", Alpine's rarely do.
      case $1 in
        lib*) echo "$1" ;;
        *) apt-cache show "$1" >/dev/null 2>&1 && echo "$1" || echo "lib$1" ;;
      esac
      ;;
    *) echo "$1" ;;
  esac
}

# Programs where Alpine has them.
place() {
  for pair in tini:/sbin/tini gosu:/sbin/su-exec; do
    program=$(command -v "${pair%%:*}" || true)
    [ -z "$program" ] || [ -e "${pair#*:}" ] || ln -s "$program" "${pair#*:}"
  done
}

# Alpine's python3 has ensurepip, and its pip installs for everybody; Debian's neither.
python_as_expected() {
  command -v python3 >/dev/null || return 0
  rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
  python3 -c 'import ensurepip' 2>/dev/null && return 0
  mkdir -p /usr/lib/python3/dist-packages/ensurepip
  : > /usr/lib/python3/dist-packages/ensurepip/__init__.py
  cat > /usr/lib/python3/dist-packages/ensurepip/__main__.py <<'END'
import importlib.util
import subprocess

if importlib.util.find_spec("pip") is None:
    subprocess.check_call(["apk", "add", "py3-pip"])
END
}

case $verb in
  update)
    exec apt-get update -qq
    ;;
  add)
    [ -n "$(ls /var/lib/apt/lists 2>/dev/null)" ] || apt-get update -qq
    wanted=
    for package in $packages; do
      wanted="$wanted $(counterpart "$package")"
    done
    # Alpine's headers bring the program that finds them.
    case " $packages " in
      *-dev\ *) wanted="$wanted pkg-config" ;;
    esac
    echo "apk: this image is made of Debian packages; installing:$wanted" >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $wanted >/dev/null
    case " $wanted " in
      *" awscli "*) install -m 755 /usr/local/share/esteira/aws /usr/local/bin/aws ;;
    esac
    place
    python_as_expected
    ;;
  del | upgrade | fix | cache)
    ;;
  *)
    echo "apk: '$verb' has no counterpart in this image, which is made of Debian packages" >&2
    exit 1
    ;;
esac
