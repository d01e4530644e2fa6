# Go in the standard image, where every shell finds it.
. "$RECIPE/go.sh"
ln -sf /usr/local/go/bin/* /usr/local/bin/
