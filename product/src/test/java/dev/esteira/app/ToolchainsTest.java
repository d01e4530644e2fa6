package dev.esteira.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolchainsTest {
  private static final Runs.Request PUSH =
      new Runs.Request("shop", "c0ffee", "refs/heads/main", "");

  @ParameterizedTest
  @CsvSource({
    "npm install, esteira/tools-node:20",
    "cd app && npm ci, esteira/tools-node:20",
    "./mvnw -q package, esteira/tools-node:20",
    "VERSION=$(node -p 1), esteira/tools-node:20",
    "docker compose build, esteira/tools-node:20",
    "echo installing npm modules, esteira/standard:1",
    "docker build -t java ., esteira/standard:1",
    "aws s3 cp node.zip s3://x, esteira/standard:1"
  })
  void whatACommandCallsDecidesTheImage(String command, String image) {
    assertEquals(image, plan("", command).stages().getFirst().jobs().getFirst().image());
  }

  @Test
  void theVersionOfNodeIsTheOneAskedFor() {
    Plan plan = plan("    runtime-versions: {nodejs: 14.x}\n", "npm install");
    assertEquals("esteira/tools-node:14", plan.stages().getFirst().jobs().getFirst().image());
    assertEquals(
        "job build calls npm and names no image: it runs in esteira/tools-node:14",
        plan.notices().getLast().text());
  }

  @ParameterizedTest
  @CsvSource({
    "java: corretto21, mvn package, esteira/tools-java21-node:20",
    "java: openjdk8, ./mvnw package, esteira/tools-java8-node:20",
    "java: corretto17, mvn package, esteira/tools-node:20",
    "python: 3.7, npm test, esteira/tools-node20-python:3.9",
    "python: 3.7, pip3 install flask, esteira/tools-python:3.9",
    "python: 3.8, docker build ., esteira/standard:1",
    "python: 3.x, pip install flask, esteira/standard:1",
    "python: 3.12, python -m pytest, esteira/standard:1",
    "golang: 1.21, go test ./..., esteira/tools-go:1.21",
    "python: 3.11, go build, esteira/tools-go:latest"
  })
  void theVersionsAreThoseAskedFor(String version, String command, String image) {
    Plan plan = plan("    runtime-versions: {" + version + "}\n", command);
    assertEquals(image, plan.stages().getFirst().jobs().getFirst().image());
  }

  @ParameterizedTest
  @CsvSource({
    "<java.version>21</java.version>, esteira/tools-java21-node:20",
    "<maven.compiler.release>25</maven.compiler.release>, esteira/tools-java25-node:20",
    "<java.version>11</java.version>, esteira/tools-node:20"
  })
  void aLaterJavaIsTheOneThatTheBuildFileCompilesFor(String property, String image) {
    Plan plan = plan("", "mvn package", "<project>" + property + "</project>");
    assertEquals(image, plan.stages().getFirst().jobs().getFirst().image());
  }

  private static Plan plan(String versions, String command) {
    return plan(versions, command, "<project/>");
  }

  private static Plan plan(String versions, String command, String pom) {
    String file =
        "version: 0.2\nphases:\n  build:\n" + versions + "    commands:\n      - " + command + "\n";
    Dialect dialect = new Toolchains(new BuildspecDialect((_, _) -> Optional.<String>empty()));
    return dialect
        .plan(
            name -> Optional.ofNullable(Map.of("buildspec.yml", file, "pom.xml", pom).get(name)),
            PUSH)
        .orElseThrow();
  }
}
