#!/bin/bash
# User data written for Amazon Linux calls yum or dnf. On a machine that stands in for one, this
# installs Debian's packages of the same purpose, puts what they serve where such scripts look for
# it, starts nothing, and says so; a package without a counterpart is not available, as there.
set -u

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

verb=
packages=()
while [ $# -gt 0 ]; do
  case $1 in
    --setopt | --enablerepo | --disablerepo | --releasever | -c | -d | -e) shift ;;
    -*) ;;
    *) if [ -z "$verb" ]; then verb=$1; else packages+=("$1"); fi ;;
  esac
  [ $# -eq 0 ] || shift
done

counterpart() {
  case $1 in
    httpd | httpd24 | httpd-tools) echo apache2 ;;
    mod_ssl | mod24_ssl) echo ssl-cert ;;
    docker | docker-ce | docker-ce-cli | docker-engine | containerd.io | containerd) ;;
    nginx*) echo nginx ;;
    php-mysqlnd | php-mysql | php[0-9]*-mysqlnd) echo php-mysql ;;
    php | php[0-9][0-9]* | php8.[0-9]) echo php libapache2-mod-php ;;
    mariadb*-server | mysql-server | mysql-community-server | mysql57-server) echo mariadb-server ;;
    mysql | mysql-community-client | mariadb | mariadb10*) echo mariadb-client ;;
    postgresql*-server) echo postgresql ;;
    postgresql[0-9]* | postgresql) echo postgresql-client ;;
    redis6 | redis) echo redis-server ;;
    java-*-devel | java-*-amazon-corretto | java-*-jdk) echo default-jdk-headless ;;
    java | java-*) echo default-jre-headless ;;
    nodejs | nodejs[0-9]* | nodejs-npm) echo nodejs ;;
    python | python2 | python3[0-9] | python3.[0-9]*) echo python3 ;;
    python-pip | python2-pip | python3[0-9]*-pip | python3.[0-9]*-pip) echo python3-pip ;;
    gcc-c++) echo g++ ;;
    cronie) echo cron ;;
    bind-utils) echo dnsutils ;;
    nc | nmap-ncat) echo netcat-openbsd ;;
    iproute) echo iproute2 ;;
    iputils) echo iputils-ping ;;
    procps-ng) echo procps ;;
    openssl-devel) echo libssl-dev ;;
    libffi-devel | zlib-devel | *-devel) echo "$1" | sed 's/^zlib-devel$/zlib1g-dev/; s/-devel$/-dev/' ;;
    aws-cli | awscli | awscli-2 | awscli2) echo awscli ;;
    curl-minimal) echo curl ;;
    yum-utils | dnf-utils | epel-release | dnf-plugins-core | device-mapper-persistent-data | lvm2) ;;
    @* | *"Development Tools"*) echo build-essential ;;
    *) echo "$1" ;;
  esac
}

# Amazon's httpd: its unit, its user, its directories, and no page of its own.
like_httpd() {
  [ -e /etc/systemd/system/httpd.service ] && return
  getent group apache >/dev/null || groupadd --system apache
  id apache >/dev/null 2>&1 || useradd --system -g apache -d /usr/share/httpd -s /sbin/nologin apache
  rm -f /var/www/html/index.html
  systemctl --quiet disable apache2.service 2>/dev/null
  sed '/^Alias=/d' /lib/systemd/system/apache2.service > /etc/systemd/system/httpd.service
  mkdir -p /etc/apache2/conf
  ln -sfn ../apache2.conf /etc/apache2/conf/httpd.conf
  ln -sfn conf-enabled /etc/apache2/conf.d
  [ -e /etc/httpd ] || ln -s apache2 /etc/httpd
  [ -e /var/log/httpd ] || ln -s apache2 /var/log/httpd
  systemctl daemon-reload
}

like_nginx() {
  sed -i 's#root /var/www/html;#root /usr/share/nginx/html;#' /etc/nginx/sites-available/default
  systemctl --quiet disable nginx.service 2>/dev/null
}

# There npm comes with Node.js; Debian's brings hundreds of packages, so it waits to be called.
like_nodejs() {
  command -v npm >/dev/null && return
  cat > /usr/local/bin/npm <<'END'
#!/bin/sh
rm -f /usr/local/bin/npm /usr/local/bin/npx
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends npm >/dev/null
exec "/usr/bin/${0##*/}" "$@"
END
  chmod 755 /usr/local/bin/npm
  ln -sf npm /usr/local/bin/npx
}

install_packages() {
  local name found wanted=() missing=()
  [ -n "$(ls /var/lib/apt/lists 2>/dev/null)" ] || apt-get update -qq
  for name in "$@"; do
    case $name in
      *.rpm)
        say "this machine is made of Debian packages and cannot install $name"
        missing+=("$name")
        continue
        ;;
    esac
    for found in $(counterpart "$name"); do
      if apt-cache show --no-all-versions "$found" >/dev/null 2>&1; then
        wanted+=("$found")
      else
        echo "No package $name available." >&2
        missing+=("$name")
      fi
    done
  done
  if [ ${#wanted[@]} -eq 0 ]; then
    if [ ${#missing[@]} -gt 0 ]; then
      echo "Error: Nothing to do" >&2
      return 1
    fi
    echo "Nothing to do"
    return 0
  fi
  say "this machine is made of Debian packages; installing: ${wanted[*]}"
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 "${wanted[@]}"
  local code=$?
  rm -f /usr/sbin/policy-rc.d
  [ "$code" -eq 0 ] || return "$code"
  case " ${wanted[*]} " in *" apache2 "*) like_httpd ;; esac
  case " ${wanted[*]} " in *" nginx "*) like_nginx ;; esac
  case " ${wanted[*]} " in *" nodejs "*) like_nodejs ;; esac
  echo "Complete!"
}

if [ "${0##*/}" = amazon-linux-extras ]; then
  names=()
  for name in "${packages[@]}"; do
    name=${name%%=*}
    case $name in
      docker | ecs | epel | kernel* | livepatch | python3* | R*) ;;
      lamp-*) names+=(mariadb-server php) ;;
      php*) names+=(php) ;;
      postgresql*) names+=(postgresql) ;;
      java-openjdk*) names+=(java-openjdk) ;;
      *) names+=("${name%%[0-9]*}") ;;
    esac
  done
  packages=("${names[@]}")
  [ "$verb" = install ] || verb=makecache
fi

case $verb in
  update | upgrade | makecache | check-update | update-minimal)
    apt-get update -qq
    [ ${#packages[@]} -eq 0 ] || install_packages "${packages[@]}"
    ;;
  install | localinstall | reinstall | groupinstall | group) install_packages "${packages[@]}" ;;
  remove | erase | autoremove)
    names=()
    for name in "${packages[@]}"; do names+=($(counterpart "$name")); done
    [ ${#names[@]} -eq 0 ] || DEBIAN_FRONTEND=noninteractive apt-get remove -qq -y "${names[@]}"
    ;;
  list) dpkg-query -W -f '${Package}.x86_64 ${Version} @System\n' ;;
  clean | repolist | config-manager | module | versionlock | "") ;;
  *)
    say "'$verb' has no counterpart on this machine, which is made of Debian packages"
    exit 1
    ;;
esac
