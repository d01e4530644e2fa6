package dev.esteira.images;

import dev.esteira.engine.ImageName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which recipe can do for which general image, by its repository and tag. Pure. */
final class Catalogue {
  /** Places where the official images lie besides Docker Hub. */
  private static final List<String> OFFICIAL =
      List.of(
          "public.ecr.aws/docker/library/",
          "mirror.gcr.io/library/",
          "registry.docker.com/library/",
          "registry.hub.docker.com/library/");

  private static final Set<String> PLAIN = Set.of("busybox", "debian", "ubuntu", "bash");
  private static final Set<String> COMPILERS = Set.of("buildpack-deps", "gcc");

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
          "aws/codebuild/amazonlinux2-x86_64-standard",
          "aws/codebuild/amazonlinux-x86_64-standard",
          "aws/codebuild/standard",
          "bitnami/aws-cli",
          "bitnami/git",
          "bitnami/kubectl",
          "public.ecr.aws/aws-cli/aws-cli",
          "public.ecr.aws/codebuild/amazonlinux2-x86_64-standard",
          "public.ecr.aws/codebuild/amazonlinux-x86_64-standard",
          "rancher/kubectl",
          "registry.k8s.io/kubectl");

  /** Where the AWS serverless makers build: the language's version is in the name. */
  private static final Pattern SAM =
      Pattern.compile(
          "(?:public\\.ecr\\.aws/sam/build-|amazon/aws-sam-cli-build-image-)"
              + "(python|nodejs)([0-9.]+)x?");

  private static final LayerRecipe RUST =
      new LayerRecipe(
          "rust",
          "13",
          "Debian 13's Rust with cargo",
          Grounds.TRIXIE,
          List.of("cargo", "gcc", "git", "libc6-dev", "libssl-dev", "make", "pkg-config", "rustc"),
          "",
          "",
          ImageDefaults.running(
              List.of(
                  Grounds.PATH.replace("PATH=", "PATH=/usr/local/cargo/bin:"),
                  "CARGO_HOME=/usr/local/cargo"),
              List.of(),
              List.of("bash")),
          60);

  private Catalogue() {}

  static Optional<Blueprint> find(ImageName asked) {
    String repository = plain(asked.familiarRepository());
    String tag = asked.tag().orElse(ImageName.LATEST);
    if (PLAIN.contains(repository)) {
      return Optional.of(Grounds.BOOKWORM);
    }
    if (COMPILERS.contains(repository)) {
      return Optional.of(Grounds.BUILDPACK);
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
      case "nginxinc/nginx-unprivileged", "public.ecr.aws/nginx/nginx-unprivileged" ->
          Optional.of(ServerRecipes.NGINX_UNPRIVILEGED);
      case "memcached" -> Optional.of(ServerRecipes.MEMCACHED);
      case "httpd" -> Optional.of(ServerRecipes.HTTPD);
      case "redis" -> Optional.of(ServerRecipes.REDIS);
      case "postgres" -> Optional.of(ServerRecipes.POSTGRES);
      case "mysql", "mariadb" -> Optional.of(ServerRecipes.MARIADB);
      case "python" -> PythonRecipe.of(tag);
      case "php" -> PhpRecipe.of(tag);
      case "ruby" -> RubyRecipe.of(tag);
      case "tomcat" -> TomcatRecipe.of(tag);
      case "rust" -> Optional.of(RUST);
      default -> ofMakers(repository, tag);
    };
  }

  private static Optional<Blueprint> ofMakers(String repository, String tag) {
    Matcher sam = SAM.matcher(repository);
    if (sam.matches()) {
      return sam.group(1).equals("python")
          ? PythonRecipe.of(sam.group(2))
          : NodeRecipe.of(sam.group(2));
    }
    return SystemRecipes.of(repository, tag)
        .or(() -> JavaRecipe.of(repository, tag))
        .or(() -> BuilderRecipes.of(repository));
  }

  private static String plain(String repository) {
    return OFFICIAL.stream()
        .filter(repository::startsWith)
        .map(place -> repository.substring(place.length()))
        .findFirst()
        .orElse(repository);
  }
}
