#!/bin/sh
# In place of the script that adds the packages of Node.js's makers to a system: npm, which their
# nodejs brings and the system's own does not, is installed beside it.
if [ -e /usr/local/bin/npm ]; then
  exit 0
fi
if command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y nodejs npm >/dev/null
fi
