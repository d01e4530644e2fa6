#!/bin/sh
# "docker compose" as a plugin of the client, answered by Debian's docker-compose.
case ${1:-} in
  docker-cli-plugin-metadata)
    echo '{"SchemaVersion":"0.1.0","Vendor":"Debian","Version":"v1.29.2",'
    echo '"ShortDescription":"Docker Compose"}'
    exit 0
    ;;
  compose) shift ;;
esac
exec docker-compose "$@"
