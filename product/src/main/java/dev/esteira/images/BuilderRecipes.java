package dev.esteira.images;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builders of images that need no daemon where they come from: here they use the job's Docker. */
final class BuilderRecipes {
  private static final Set<String> KANIKO =
      Set.of(
          "gcr.io/kaniko-project/executor",
          "ghcr.io/osscontainertools/kaniko",
          "ghcr.io/kaniko-build/dist/chainguard-dev-kaniko/executor",
          "martizih/kaniko",
          "registry.gitlab.com/gitlab-ci-utils/container-images/kaniko",
          "bitnami/kaniko");

  private static final Set<String> PODMAN =
      Set.of(
          "quay.io/buildah/stable",
          "quay.io/buildah/upstream",
          "quay.io/containers/buildah",
          "quay.io/containers/podman",
          "quay.io/podman/stable",
          "quay.io/podman/upstream",
          "mgoltzsche/podman");

  private static final LayerRecipe EXECUTOR =
      recipe(
          "kaniko",
          "/kaniko/executor, which builds and pushes by the job's own Docker API",
          ImageDefaults.running(
              List.of(
                  Grounds.PATH + ":/kaniko:/busybox",
                  "HOME=/root",
                  "USER=root",
                  "DOCKER_CONFIG=/kaniko/.docker/",
                  "SSL_CERT_DIR=/kaniko/ssl/certs"),
              List.of("/kaniko/executor"),
              List.of()));

  private static final LayerRecipe BUILDAH =
      recipe(
          "buildah",
          "buildah and podman, which build and push by the job's own Docker API",
          ImageDefaults.running(List.of(Grounds.PATH), List.of(), List.of("/bin/bash")));

  private BuilderRecipes() {}

  static Optional<Blueprint> of(String repository) {
    if (KANIKO.contains(repository)) {
      return Optional.of(EXECUTOR);
    }
    return PODMAN.contains(repository) ? Optional.of(BUILDAH) : Optional.empty();
  }

  private static LayerRecipe recipe(String family, String says, ImageDefaults defaults) {
    return new LayerRecipe(
        family, "1", says, ImageRecipe.DOCKER, List.of(), "", "builders.sh", defaults, 10);
  }
}
