package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong files get a message that says what, where and why; nothing hangs. */
@Tag("system")
class BadInputTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration RUN_LIMIT = Duration.ofMinutes(3);
  private static final String HUB = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void brokenYamlIsNamedByFileAndLineInThePushAnswer() throws IOException {
    String said = push("bad-yaml", "version: 0.2\nphases:\n  build:\n    commands:\n   - echo x\n");

    assertTrue(said.matches("(?s).*buildspec\\.yml:\\d+.*"), said);
    assertEquals("failed", last("bad-yaml").path("state").asText());
  }

  @Test
  void aFileWithoutPhasesIsRefused() throws IOException {
    String said = push("no-phases", "version: 0.2\nenv:\n  variables:\n    A: 1\n");

    assertTrue(said.contains("phases"), said);
    assertEquals("failed", last("no-phases").path("state").asText());
  }

  @Test
  void aCommitWithoutDeliveryFileSaysSo() throws IOException {
    Files.writeString(directory.resolve("README"), "nothing to build\n");
    String said = pushDirectory("no-file");

    assertTrue(said.contains("buildspec.yml"), said);
  }

  @Test
  void aMissingDockerfileFailsTheBuildWithDockersOwnWords() throws IOException {
    String log = run("no-dockerfile", "docker build . -t current:latest");

    assertTrue(log.contains("Dockerfile"), log);
  }

  @Test
  void anUnknownBaseImageIsNamed() throws IOException {
    Files.writeString(directory.resolve("Dockerfile"), "FROM " + HUB + "/no/such/base:7\r\n");
    String log = run("no-base", login(), "docker build . -t current:latest");

    assertTrue(log.contains("no/such/base:7"), log);
  }

  @Test
  void aTagThatWasNeverMadeCannotBePushed() throws IOException {
    String log = run("no-tag", login(), "docker push " + HUB + "/never:made");

    assertTrue(log.contains("An image does not exist locally with the tag"), log);
  }

  @Test
  void aTagOfARepositoryWithImmutableTagsStaysWhereItPoints() throws IOException {
    String image = HUB + "/kept:1";
    String build = "echo FROM scratch > D && echo LABEL a=$N >> D && docker build -q -f D -t ";
    String log =
        run(
            "immutable",
            login(),
            "aws ecr create-repository --repository-name kept --image-tag-mutability IMMUTABLE",
            "N=1; " + build + image + " . && docker push -q " + image,
            "N=2; " + build + image + " . && docker push -q " + image + " || echo refused",
            "aws ecr put-image-tag-mutability --repository-name kept --image-tag-mutability"
                + " MUTABLE",
            "docker push -q " + image,
            "aws ecr describe-repositories --repository-names kept --output text; exit 1");

    assertTrue(log.contains("The image tag '1' already exists in the 'kept'"), log);
    assertTrue(log.contains("\nrefused\n"), log);
    assertTrue(log.matches("(?s).*REPOSITORIES\\s[^\\n]*\\sMUTABLE\\s.*"), log);
  }

  @Test
  void anInvalidImageNameInAManifestIsShownByKubectl() throws IOException {
    String name = "bad-image-name";
    Files.writeString(directory.resolve("d.yml"), deployment(name, "Not A Valid:Name:x"));
    runWell(
        name,
        "aws eks update-kubeconfig --region us-east-1 --name esteira",
        "kubectl apply -f d.yml");

    await(name, "InvalidImageName");
  }

  @Test
  void aMissingImageIsAnImagePullFailureWithItsReason() throws IOException {
    String name = "missing-image";
    Files.writeString(directory.resolve("d.yml"), deployment(name, HUB + "/was/never:pushed"));
    runWell(
        name,
        "aws eks update-kubeconfig --region us-east-1 --name esteira",
        "kubectl apply -f d.yml");

    await(name, "(ErrImagePull|ImagePullBackOff)");
  }

  @Test
  void aHundredMegabytesWithoutALineEndAreKeptInPieces() throws IOException {
    String spec =
        spec("head -c 100000000 /dev/zero | tr '\\0' x", "echo", "echo the end is reached");
    push("huge-line", spec);
    Shell.Result log = house.esteira(RUN_LIMIT, "logs", "-f", "huge-line");

    assertEquals(0, log.exitCode(), log.err());
    assertTrue(log.out().contains("the end is reached"));
  }

  private void await(String name, String reason) {
    house
        .client(directory)
        .bash(
            MINUTE,
            "for i in $(seq 200); do kubectl get pods -l app="
                + name
                + " | grep -E '"
                + reason
                + "' && exit 0; sleep 0.2; done; kubectl get pods; exit 1")
        .orFail();
  }

  private static String deployment(String name, String image) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: NAME}
    spec:
      replicas: 1
      selector: {matchLabels: {app: NAME}}
      template:
        metadata: {labels: {app: NAME}}
        spec:
          containers:
          - {name: main, image: "IMAGE"}
    """
        .replace("NAME", name)
        .replace("IMAGE", image);
  }

  private static String login() {
    return "aws ecr get-login-password --region us-east-1"
        + " | docker login --username AWS --password-stdin "
        + HUB;
  }

  private static String spec(String... commands) {
    StringBuilder spec = new StringBuilder("version: 0.2\nphases:\n  build:\n    commands:\n");
    for (String command : commands) {
      spec.append("      - ").append(command).append('\n');
    }
    return spec.toString();
  }

  /** Pushes a build that must fail, and returns its log. */
  private String run(String project, String... commands) throws IOException {
    push(project, spec(commands));
    Shell.Result log = house.esteira(RUN_LIMIT, "logs", "-f", project);
    assertEquals(1, log.exitCode(), log.out());
    assertEquals("failed", last(project).path("state").asText());
    return log.out();
  }

  /** Pushes a build that must succeed. */
  private void runWell(String project, String... commands) throws IOException {
    push(project, spec(commands));
    house.esteira(RUN_LIMIT, "logs", "-f", project).orFail();
  }

  private String push(String project, String buildspec) throws IOException {
    Files.writeString(directory.resolve("buildspec.yml"), buildspec);
    return pushDirectory(project);
  }

  private String pushDirectory(String project) {
    house.esteira(MINUTE, "project", "create", project).orFail();
    String url = house.json("project", "show", project, "--json").path("git").asText();
    return house
        .client(directory)
        .bash(
            MINUTE,
            "git init -q -b main; git add -A && git commit -q --allow-empty -m x"
                + " && git push "
                + url
                + " HEAD:main 2>&1")
        .orFail();
  }

  private JsonNode last(String project) {
    return house.json("project", "show", project, "--json").path("lastRun");
  }
}
