package dev.esteira.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
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

  private static Plan plan(String versions, String command) {
    String file =
        "version: 0.2\nphases:\n  build:\n" + versions + "    commands:\n      - " + command + "\n";
    Dialect dialect = new Toolchains(new BuildspecDialect((_, _) -> Optional.<String>empty()));
    return dialect
        .plan(name -> name.equals("buildspec.yml") ? Optional.of(file) : Optional.empty(), PUSH)
        .orElseThrow();
  }
}
