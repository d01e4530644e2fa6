package dev.esteira.names;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules behind {@link RealNames}. */
final class RealNameRules {
  private static final Pattern ECR =
      Pattern.compile("(\\d{12})\\.dkr\\.ecr(?:-fips)?\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?");
  private static final Pattern CODECOMMIT =
      Pattern.compile("git-codecommit(?:-fips)?\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?");
  private static final Pattern AWS_REGIONAL =
      Pattern.compile(
          "(?:[a-z0-9.-]+\\.)?([a-z0-9-]+)"
              + "\\.([a-z]{2}(?:-[a-z]+)+-\\d)\\.amazonaws\\.com(?:\\.cn)?");
  private static final Pattern AWS_GLOBAL = Pattern.compile("([a-z0-9-]+)\\.amazonaws\\.com");
  private static final Pattern DOWNLOADS =
      Pattern.compile(
          "amazon-eks\\.s3(?:[.-][a-z0-9-]+)?\\.amazonaws\\.com|awscli\\.amazonaws\\.com"
              + "|(?:cdn\\.)?dl\\.k8s\\.io|storage\\.googleapis\\.com"
              + "|(?:deb|rpm)\\.nodesource\\.com");
  private static final String GLOBAL_REGION = "us-east-1";
  private static final Set<String> DOCKER_HUB =
      Set.of("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");
  private static final Set<String> GITLAB = Set.of("gitlab.com", "www.gitlab.com");

  private RealNameRules() {}

  static Optional<RealNames.Meaning> meaning(String host) {
    String name = withoutPort(host).toLowerCase(Locale.ROOT);
    Matcher ecr = ECR.matcher(name);
    if (ecr.matches()) {
      return Optional.of(new RealNames.EcrRegistry(ecr.group(1), ecr.group(2)));
    }
    Matcher codecommit = CODECOMMIT.matcher(name);
    if (codecommit.matches()) {
      return Optional.of(new RealNames.CodeCommit(codecommit.group(1)));
    }
    if (name.equals("registry.gitlab.com")) {
      return Optional.of(new RealNames.GitlabRegistry());
    }
    if (GITLAB.contains(name)) {
      return Optional.of(new RealNames.Gitlab());
    }
    if (DOCKER_HUB.contains(name)) {
      return Optional.of(new RealNames.DockerHub());
    }
    if (DOWNLOADS.matcher(name).matches()) {
      return Optional.of(new RealNames.Downloads());
    }
    return awsApi(name);
  }

  private static Optional<RealNames.Meaning> awsApi(String name) {
    Matcher regional = AWS_REGIONAL.matcher(name);
    if (regional.matches()) {
      return Optional.of(new RealNames.AwsApi(regional.group(1), regional.group(2)));
    }
    Matcher global = AWS_GLOBAL.matcher(name);
    if (global.matches()) {
      return Optional.of(new RealNames.AwsApi(global.group(1), GLOBAL_REGION));
    }
    return Optional.empty();
  }

  static Optional<String> repository(String host, String path, String house) {
    if (host.equalsIgnoreCase(house)) {
      return Optional.of(path);
    }
    return meaning(host)
        .filter(m -> m instanceof RealNames.EcrRegistry || m instanceof RealNames.GitlabRegistry)
        .map(m -> path);
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }
}
