package dev.esteira.images;

import java.util.List;

/** Servers that applications are put into, or that stand beside them. */
final class ServerRecipes {
  static final LayerRecipe NGINX =
      new LayerRecipe(
          "nginx",
          "1.22",
          "NGINX 1.22 on Debian 12",
          Grounds.BOOKWORM,
          List.of("gettext-base", "nginx"),
          "",
          "nginx.sh",
          ImageDefaults.running(
                  List.of(Grounds.PATH, "NGINX_VERSION=1.22.1"),
                  List.of("/docker-entrypoint.sh"),
                  List.of("nginx", "-g", "daemon off;"))
              .exposing("80/tcp")
              .stoppedBy("SIGQUIT"),
          20);

  static final LayerRecipe NGINX_UNPRIVILEGED =
      new LayerRecipe(
          "nginx-unprivileged",
          "1.22",
          "NGINX 1.22 on Debian 12, on port 8080 and not as root",
          NGINX,
          List.of(),
          "",
          "nginx-unprivileged.sh",
          ImageDefaults.running(
                  NGINX.defaults().env(), NGINX.defaults().entrypoint(), NGINX.defaults().command())
              .exposing("8080/tcp")
              .stoppedBy("SIGQUIT")
              .as("101"),
          10);

  static final LayerRecipe MEMCACHED =
      new LayerRecipe(
          "memcached",
          "1.6",
          "Memcached 1.6 on Debian 12",
          Grounds.BOOKWORM,
          List.of("memcached"),
          "",
          "memcached.sh",
          ImageDefaults.running(
                  List.of(Grounds.PATH), List.of("docker-entrypoint.sh"), List.of("memcached"))
              .exposing("11211/tcp")
              .as("memcache"),
          20);

  static final LayerRecipe HTTPD =
      new LayerRecipe(
          "httpd",
          "2.4",
          "Apache 2.4 on Debian 12",
          Grounds.BOOKWORM,
          List.of("apache2", "apache2-utils", "media-types"),
          "",
          "httpd.sh",
          ImageDefaults.running(
                  List.of(
                      Grounds.PATH.replace("PATH=", "PATH=/usr/local/apache2/bin:"),
                      "HTTPD_PREFIX=/usr/local/apache2"),
                  List.of(),
                  List.of("httpd-foreground"))
              .in("/usr/local/apache2")
              .exposing("80/tcp")
              .stoppedBy("SIGWINCH"),
          20);

  static final LayerRecipe REDIS =
      new LayerRecipe(
          "redis",
          "7.0",
          "Redis 7.0 on Debian 12",
          Grounds.BOOKWORM,
          List.of("redis-server", "redis-tools"),
          "",
          "redis.sh",
          ImageDefaults.running(
                  List.of(Grounds.PATH), List.of("docker-entrypoint.sh"), List.of("redis-server"))
              .in("/data")
              .exposing("6379/tcp"),
          20);

  static final LayerRecipe POSTGRES =
      new LayerRecipe(
          "postgres",
          "15",
          "PostgreSQL 15 on Debian 12",
          Grounds.BOOKWORM,
          List.of("postgresql-15", "postgresql-client-15"),
          "",
          "postgres.sh",
          ImageDefaults.running(
                  List.of(
                      Grounds.PATH,
                      "LANG=C.UTF-8",
                      "PG_MAJOR=15",
                      "PGDATA=/var/lib/postgresql/data"),
                  List.of("docker-entrypoint.sh"),
                  List.of("postgres"))
              .exposing("5432/tcp")
              .stoppedBy("SIGINT"),
          40);

  /** For MySQL, whose protocol and SQL it speaks, and which Debian has not. */
  static final LayerRecipe MARIADB =
      new LayerRecipe(
          "mariadb",
          "10.11",
          "MariaDB 10.11, which speaks MySQL's protocol, on Debian 12",
          Grounds.BOOKWORM,
          List.of("mariadb-server", "mariadb-client"),
          "",
          "mariadb.sh",
          ImageDefaults.running(
                  List.of(Grounds.PATH), List.of("docker-entrypoint.sh"), List.of("mysqld"))
              .exposing("3306/tcp"),
          40);

  private ServerRecipes() {}
}
