package dev.esteira.images;

import dev.esteira.engine.ImageName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which recipe can do for which general image, by its repository and tag. Pure. */
final class Catalogue {
  /** Places where the official images lie besides Docker Hub. */
  private static final List<String> OFFICIAL =
      List.of(
          "public.ecr.aws/docker/library/",
          "mirror.gcr.io/library/",
          "registry.hub.docker.com/library/");

  private static final Set<String> PLAIN =
      Set.of("alpine", "busybox", "debian", "ubuntu", "buildpack-deps", "bash");

  /** Clients in an image of their own; their scripts may call apk. */
  private static final Set<String> CLIENTS =
      Set.of(
          "alpine/git",
          "curlimages/curl",
          "alpine/curl",
          "registry.gitlab.com/gitlab-org/cli",
          "registry.gitlab.com/gitlab-org/release-cli");

  private static final Set<String> TOOLS =
      Set.of(
          "alpine/k8s",
          "amazon/aws-cli",
          "amazonlinux",
          "bitnami/aws-cli",
          "bitnami/git",
          "bitnami/kubectl",
          "public.ecr.aws/aws-cli/aws-cli",
          "rancher/kubectl",
          "registry.k8s.io/kubectl");

  private Catalogue() {}

  static Optional<Blueprint> find(ImageName asked) {
    String repository = plain(asked.familiarRepository());
    String tag = asked.tag().orElse(ImageName.LATEST);
    if (PLAIN.contains(repository)) {
      return Optional.of(
          repository.equals("buildpack-deps") ? Grounds.BUILDPACK : Grounds.BOOKWORM);
    }
    if (CLIENTS.contains(repository)) {
      return Optional.of(ImageRecipe.DOCKER);
    }
    if (TOOLS.contains(repository)) {
      return Optional.of(ImageRecipe.STANDARD);
    }
    return switch (repository) {
      case "node" -> NodeRecipe.of(tag);
      case "golang" -> GoRecipe.of(tag);
      case "nginx", "public.ecr.aws/nginx/nginx" -> Optional.of(ServerRecipes.NGINX);
      case "httpd" -> Optional.of(ServerRecipes.HTTPD);
      case "redis" -> Optional.of(ServerRecipes.REDIS);
      case "postgres" -> Optional.of(ServerRecipes.POSTGRES);
      case "python" -> PythonRecipe.of(tag);
      default -> JavaRecipe.of(repository, tag);
    };
  }

  private static String plain(String repository) {
    return OFFICIAL.stream()
        .filter(repository::startsWith)
        .map(place -> repository.substring(place.length()))
        .findFirst()
        .orElse(repository);
  }
}
