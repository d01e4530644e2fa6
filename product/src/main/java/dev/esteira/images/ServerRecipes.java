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

  private ServerRecipes() {}
}
