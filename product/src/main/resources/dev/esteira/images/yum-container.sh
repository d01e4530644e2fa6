#!/bin/sh
# Scripts for images of the Red Hat family, and of Amazon Linux, call yum or dnf. Here they install
# Debian's packages of the same purpose, and say so; a package without a counterpart fails as it
# would there.
set -e
me=$(basename "$0")

verb=
packages=
skip=
for argument in "$@"; do
  if [ -n "$skip" ]; then
    skip=
    continue
  fi
  case $argument in
    -c | -x | -R | -d | -e | --installroot | --enablerepo | --disablerepo | --releasever | \
      --setopt | --exclude)
      skip=yes
      ;;
    -*) ;;
    *)
      if [ -z "$verb" ]; then
        verb=$argument
      else
        packages="$packages $argument"
      fi
      ;;
  esac
done

# "nginx1=latest" of amazon-linux-extras, "nginx-1.22*", "nginx.x86_64": the name alone.
name_of() {
  echo "$1" | sed -E 's/\.(x86_64|aarch64|noarch|i686)$//; s/[=@:].*$//; s/-[0-9]+(\.[0-9]+)*[*]?$//; s/[*]$//'
}

counterpart() {
  case $1 in
    http://* | https://* | *.rpm | epel* | *-release | yum-utils | dnf-plugins-core | deltarpm | \
      system-release | yum-plugin-* | scl-utils | amazon-linux-extras | which | hostname | \
      coreutils* | glibc | glibc-common | libstdc++ | mod_ssl | initscripts | dnf | yum | rpm | \
      filesystem | setup | basesystem) ;;
    development* | @development* | Development*) echo build-essential ;;
    *-amazon-corretto* | java-* | openjdk* | java*) echo default-jdk-headless ;;
    httpd*) [ "$1" = httpd-tools ] && echo apache2-utils || echo apache2 apache2-utils ;;
    python3*-pip | python-pip | python2-pip) echo python3-pip ;;
    python3*-devel | python-devel) echo python3-dev ;;
    python | python2 | python3 | python3.* | python3[0-9]*) echo python3 python3-pip ;;
    python3-* | python-*) echo "python3-${1#python*-}" ;;
    gcc-c++) echo g++ ;;
    procps-ng | procps) echo procps ;;
    shadow-utils) echo passwd ;;
    iputils) echo iputils-ping ;;
    bind-utils) echo dnsutils ;;
    nc | nmap-ncat) echo netcat-openbsd ;;
    findutils | tar | gzip | bash | sed | grep | gawk | util-linux | ca-certificates) echo "$1" ;;
    curl-minimal | libcurl*) echo curl ;;
    vim-enhanced | vim-minimal) echo vim-tiny ;;
    openssh-clients | openssh) echo openssh-client ;;
    mysql | mysql-community-client | mariadb) echo default-mysql-client ;;
    mysql-server | mysql-community-server | mariadb-server) echo default-mysql-server ;;
    mysql-devel | mariadb-devel) echo default-libmysqlclient-dev ;;
    postgresql*-devel | libpq-devel) echo libpq-dev ;;
    postgresql*-server) echo postgresql ;;
    postgresql*) echo postgresql-client ;;
    redis*) echo redis-server ;;
    nodejs*) echo nodejs npm ;;
    nginx*) echo nginx ;;
    docker*) [ -e /usr/bin/docker ] || echo docker.io ;;
    awscli*) echo awscli ;;
    kubectl) echo kubernetes-client ;;
    golang* | go) echo golang-go ;;
    ruby*) echo ruby ;;
    git-*) echo git ;;
    php-mysqlnd | php-pdo_mysql) echo php-mysql ;;
    php-devel) echo php-dev ;;
    php-json | php-pdo | php-common) echo php-common ;;
    php[0-9]* | php) echo php libapache2-mod-php ;;
    openssl-devel) echo libssl-dev ;;
    zlib-devel) echo zlib1g-dev ;;
    bzip2-devel) echo libbz2-dev ;;
    sqlite) echo sqlite3 ;;
    sqlite-devel) echo libsqlite3-dev ;;
    xz) echo xz-utils ;;
    xz-devel) echo liblzma-dev ;;
    libcurl-devel | curl-devel) echo libcurl4-openssl-dev ;;
    libxslt-devel) echo libxslt1-dev ;;
    libjpeg*-devel) echo libjpeg-dev ;;
    krb5-devel) echo libkrb5-dev ;;
    glibc-devel) echo libc6-dev ;;
    cyrus-sasl-devel) echo libsasl2-dev ;;
    cronie | crontabs) echo cron ;;
    *-devel)
      library=${1%-devel}
      echo "lib${library#lib}-dev"
      ;;
    *) echo "$1" ;;
  esac
}

# Apache where the Red Hat family has it.
place_httpd() {
  [ -e /usr/sbin/apache2 ] && [ ! -e /usr/sbin/httpd ] || return 0
  cat > /usr/sbin/httpd <<'SCRIPT'
#!/bin/sh
# Apache by its other name, with Debian's configuration.
. /etc/apache2/envvars
mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR" "$APACHE_LOG_DIR"
exec /usr/sbin/apache2 "$@"
SCRIPT
  chmod 755 /usr/sbin/httpd
  mkdir -p /etc/httpd /var/www/html
  ln -sfn /etc/apache2/conf-enabled /etc/httpd/conf.d
  rm -f /var/www/html/index.html
  ln -sfn /var/log/apache2 /var/log/httpd
  id -u apache >/dev/null 2>&1 ||
    useradd --system --no-create-home --home-dir /usr/share/httpd --shell /sbin/nologin apache
}

install_all() {
  wanted=
  for package in $packages; do
    case $package in
      http://* | https://* | *.rpm)
        echo "$me: $package holds packages of another system: left out" >&2
        continue
        ;;
    esac
    wanted="$wanted $(counterpart "$(name_of "$package")" | tr '\n' ' ')"
  done
  [ -n "$(echo "$wanted" | tr -d ' ')" ] || return 0
  echo "$me: this image is made of Debian packages; installing:$wanted" >&2
  [ -n "$(ls /var/lib/apt/lists 2>/dev/null)" ] || apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $wanted >/dev/null
  case " $wanted " in
    *" awscli "*)
      [ ! -e /usr/local/share/esteira/aws ] ||
        install -m 755 /usr/local/share/esteira/aws /usr/local/bin/aws
      ;;
  esac
  place_httpd
}

case $verb in
  install | reinstall | localinstall) install_all ;;
  groupinstall | groupsinstall | group)
    packages=build-essential
    install_all
    ;;
  update | upgrade | makecache | check-update | clean | autoremove | remove | erase | repolist | \
    config-manager | module | swap | enable | disable | '')
    # amazon-linux-extras and modules choose versions; Debian's release has chosen them.
    ;;
  *)
    echo "$me: '$verb' has no counterpart in this image, which is made of Debian packages" >&2
    exit 1
    ;;
esac
