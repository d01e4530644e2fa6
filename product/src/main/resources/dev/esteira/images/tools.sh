# What builds call besides the core of the standard image.
version=17
. "$RECIPE/java.sh"
. "$RECIPE/maven.sh"
sh "$RECIPE/compose.sh"
install -D -m 755 "$RECIPE/docker-compose.sh" /usr/libexec/docker/cli-plugins/docker-compose
install -D -m 755 "$RECIPE/docker-compose.sh" /usr/local/bin/docker-compose
echo "I: $(docker-compose --version)"
