#!/bin/sh
# The AWS command line in both of its generations: Debian's version 2, and in front of it the
# "ecr get-login" of version 1, which prints a runnable "docker login" line.
aws=/usr/bin/aws

service=
operation=
skip=
for argument in "$@"; do
  if [ -n "$skip" ]; then
    skip=
    continue
  fi
  case $argument in
    --endpoint-url | --output | --query | --profile | --region | --color | --ca-bundle | \
      --cli-read-timeout | --cli-connect-timeout | --cli-binary-format)
      skip=yes
      ;;
    -*) ;;
    *)
      if [ -z "$service" ]; then
        service=$argument
      else
        operation=$argument
        break
      fi
      ;;
  esac
done

if [ "$service $operation" != "ecr get-login" ]; then
  exec "$aws" "$@"
fi

# Turn the arguments into those of get-authorization-token, in place.
email=
count=$#
while [ "$count" -gt 0 ]; do
  argument=$1
  shift
  count=$((count - 1))
  case $argument in
    get-login) set -- "$@" get-authorization-token ;;
    --no-include-email) ;;
    --include-email) email=' -e none' ;;
    *) set -- "$@" "$argument" ;;
  esac
done

answer=$("$aws" "$@" --output text \
  --query 'authorizationData[].[authorizationToken,proxyEndpoint]') || exit
echo "$answer" | while read -r token endpoint; do
  pair=$(printf %s "$token" | base64 -d)
  echo "docker login -u ${pair%%:*} -p ${pair#*:}$email $endpoint"
done
