package dev.esteira.images;

import java.util.List;

/**
 * How to make one shipped image.
 *
 * @param repository its name without tag
 * @param tags every tag under which it is known; the first is the one that people see
 * @param packages the Debian packages it holds besides the minimal system
 * @param script the resource that finishes its root file system
 * @param env the environment of its containers, {@code NAME=value}
 * @param entrypoint what stands in front of a container's command
 * @param release the Debian release that its packages are of
 * @param expectedSeconds what making it took on a small machine, for the progress lines
 */
record ImageRecipe(
    String repository,
    List<String> tags,
    String purpose,
    List<String> packages,
    String script,
    List<String> env,
    List<String> entrypoint,
    List<String> command,
    String release,
    int expectedSeconds)
    implements Blueprint {
  private static final String BOOKWORM = "bookworm";
  private static final String PATH =
      "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin";

  static final ImageRecipe PYTHON =
      new ImageRecipe(
          "python",
          List.of(
              "3",
              "3.11",
              "latest",
              "3-slim",
              "3.11-slim",
              "slim",
              "3-bookworm",
              "3.11-bookworm",
              "3-slim-bookworm",
              "3.11-slim-bookworm"),
          "Python 3.11 with pip, and Flask and gunicorn for installing without a network",
          List.of("ca-certificates", "netbase", "python3", "python3-pip", "tzdata"),
          "python.sh",
          List.of(PATH, "LANG=C.UTF-8"),
          List.of("python3"),
          60);

  static final ImageRecipe STANDARD =
      new ImageRecipe(
          "esteira/standard",
          List.of("1", "latest"),
          "The standard build image: bash git curl jq docker aws kubectl python",
          List.of(
              "awscli",
              "bash",
              "ca-certificates",
              "curl",
              "gettext-base",
              "git",
              "jq",
              "kubernetes-client",
              "make",
              "netbase",
              "openssh-client",
              "patch",
              "procps",
              "python3",
              "python3-pip",
              "rsync",
              "sudo",
              "tzdata",
              "unzip",
              "wget",
              "xz-utils",
              "zip"),
          "standard.sh",
          List.of(PATH, "LANG=C.UTF-8"),
          List.of("bash"),
          100);

  /** One image under any tag: which engine it speaks to matters to nobody but that engine. */
  static final ImageRecipe DOCKER =
      new ImageRecipe(
          "docker",
          List.of("latest", "stable", "dind", "git", "cli"),
          "Docker's client with compose, git and curl; for any tag of the docker image",
          List.of(
              "bash",
              "ca-certificates",
              "curl",
              "gettext-base",
              "git",
              "jq",
              "make",
              "netbase",
              "openssh-client",
              "procps",
              "python3",
              "python3-pip",
              "tzdata",
              "wget"),
          "docker.sh",
          List.of(PATH, "LANG=C.UTF-8", "DOCKER_VERSION=20.10.24", "DOCKER_TLS_CERTDIR=/certs"),
          List.of("docker-entrypoint.sh"),
          List.of("sh"),
          BOOKWORM,
          100);

  /** Made before anybody asks for them. */
  static final List<ImageRecipe> AHEAD = List.of(STANDARD, PYTHON);

  static final List<ImageRecipe> ALL = List.of(STANDARD, PYTHON, DOCKER);

  ImageRecipe {
    tags = List.copyOf(tags);
    packages = List.copyOf(packages);
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
  }

  @Override
  public String name() {
    return repository + ":" + tags.getFirst();
  }

  /** Whether it is known under this tag. */
  boolean answers(String tag) {
    return tags.contains(tag) || repository.equals("docker");
  }

  /** Without anything in front of the command. */
  ImageRecipe(
      String repository,
      List<String> tags,
      String purpose,
      List<String> packages,
      String script,
      List<String> env,
      List<String> command,
      int expectedSeconds) {
    this(
        repository,
        tags,
        purpose,
        packages,
        script,
        env,
        List.of(),
        command,
        BOOKWORM,
        expectedSeconds);
  }

  @Override
  public String says() {
    return purpose;
  }

  @Override
  public String slug() {
    // No slug is the beginning of another one and a hyphen: the cache goes by that.
    return repository.replace('/', '-') + (release.equals(BOOKWORM) ? "" : release);
  }

  @Override
  public ImageDefaults defaults() {
    return ImageDefaults.running(env, entrypoint, command);
  }
}
