#!/bin/sh
# Answers what kubeconfig files and build scripts ask of aws-iam-authenticator, by the AWS CLI.
case "${1-}" in
  version) echo '{"Version":"aws eks get-token"}'; exit 0 ;;
  token) shift ;;
  *) echo "aws-iam-authenticator: '${1-}' is not supported here, only 'token' and 'version'" >&2; exit 2 ;;
esac
cluster=
while [ $# -gt 0 ]; do
  case "$1" in
    -i | --cluster-id) cluster=$2; shift 2 ;;
    --cluster-id=*) cluster=${1#*=}; shift ;;
    -r | --role | -s | --session-name) shift 2 ;;
    *) shift ;;
  esac
done
[ -n "$cluster" ] || { echo "aws-iam-authenticator: token needs -i CLUSTER" >&2; exit 2; }
exec aws eks get-token --cluster-name "$cluster"
