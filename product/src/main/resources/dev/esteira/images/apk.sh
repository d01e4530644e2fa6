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
    docker | docker-cli) ;;
    docker-compose | docker-cli-compose) echo docker-compose ;;
    gettext) echo gettext-base ;;
    openjdk[0-9]* | openjdk*-jre*) echo default-jdk-headless ;;
    libc6-compat | gcompat | musl-dev | libc-dev | linux-headers) echo libc6-dev ;;
    libffi-dev | openssl-dev) echo "$1" | sed 's/^openssl-dev$/libssl-dev/' ;;
    kubectl) echo kubernetes-client ;;
    yarn) echo yarnpkg ;;
    util-linux | coreutils | findutils | grep | sed | tar | gzip | bash | shadow | tzdata) echo "$1" | sed 's/^shadow$/passwd/' ;;
    *) echo "$1" ;;
  esac
}

case $verb in
  update)
    exec apt-get update -qq
    ;;
  add)
    wanted=
    for package in $packages; do
      wanted="$wanted $(counterpart "$package")"
    done
    echo "apk: this image is made of Debian packages; installing:$wanted" >&2
    [ -n "$(ls /var/lib/apt/lists 2>/dev/null)" ] || apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $wanted >/dev/null
    case " $wanted " in
      *" awscli "*) install -m 755 /usr/local/share/esteira/aws /usr/local/bin/aws ;;
    esac
    ;;
  del | upgrade | fix | cache)
    ;;
  *)
    echo "apk: '$verb' has no counterpart in this image, which is made of Debian packages" >&2
    exit 1
    ;;
esac
