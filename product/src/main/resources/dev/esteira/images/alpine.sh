# Alpine's shell is busybox's, which knows [[ and more of bash; Debian's own knows none of it.
ln -sf bash /bin/sh
echo "I: sh is bash"
