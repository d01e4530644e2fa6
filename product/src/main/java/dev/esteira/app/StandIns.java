package dev.esteira.app;

import dev.esteira.engine.ImageName;
import dev.esteira.images.BaseImages;
import java.util.Optional;
import java.util.Set;

/**
 * Images that Esteira ships in place of general ones that cannot be reached. They have the same
 * tools in other versions, so whoever gets one is told.
 */
final class StandIns {
  /** Its scripts call apk, which the docker image answers. */
  private static final Set<String> ALPINE =
      Set.of("alpine", "busybox", "alpine/git", "curlimages/curl", "alpine/curl");

  private static final Set<String> GENERAL =
      Set.of(
          "alpine/k8s",
          "amazon/aws-cli",
          "amazonlinux",
          "bash",
          "bitnami/aws-cli",
          "bitnami/git",
          "bitnami/kubectl",
          "buildpack-deps",
          "debian",
          "public.ecr.aws/aws-cli/aws-cli",
          "rancher/kubectl",
          "registry.k8s.io/kubectl",
          "ubuntu");

  private StandIns() {}

  /** The shipped image that can do for this one. */
  static Optional<String> of(ImageName name) {
    String repository = name.familiarRepository();
    if (ALPINE.contains(repository)) {
      return Optional.of("docker:latest");
    }
    if (repository.equals("python")) {
      return Optional.of("python:3");
    }
    return GENERAL.contains(repository) ? Optional.of(BaseImages.STANDARD) : Optional.empty();
  }
}
