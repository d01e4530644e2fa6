package dev.esteira.names;

import java.util.Optional;

/** What a host name of a cloud means inside this home. Pure. */
public final class RealNames {
  private RealNames() {}

  /** The doors that a real name can lead to. */
  public sealed interface Meaning {}

  /** {@code 123456789012.dkr.ecr.REGION.amazonaws.com}; also ECR public. */
  public record EcrRegistry(String account, String region) implements Meaning {}

  /** {@code registry.gitlab.com}. */
  public record GitlabRegistry() implements Meaning {}

  /** {@code docker.io} and its aliases. */
  public record DockerHub() implements Meaning {}

  /** {@code git-codecommit.REGION.amazonaws.com}. */
  public record CodeCommit(String region) implements Meaning {}

  /** {@code gitlab.com}. */
  public record Gitlab() implements Meaning {}

  /** An API host of AWS: {@code sts.amazonaws.com}, {@code ecr.REGION.amazonaws.com} … */
  public record AwsApi(String service, String region) implements Meaning {}

  /** A publisher of downloads: it is ours only where the real name does not resolve. */
  public record Downloads() implements Meaning {}

  /** The meaning of a host name (a port is ignored), or empty when the name is not ours. */
  public static Optional<Meaning> meaning(String host) {
    return RealNameRules.meaning(host);
  }

  /**
   * The repository of our registry that an image's host and path mean: {@code python} for {@code
   * 1.dkr.ecr.r.amazonaws.com/python}. {@code house} is our own registry's host:port. Empty when
   * the host is another registry's.
   */
  public static Optional<String> repository(String host, String path, String house) {
    return RealNameRules.repository(host, path, house);
  }
}
