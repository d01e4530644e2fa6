package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts may rely on: outputs, exit codes, names. */
@Tag("system")
class ContractTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void upAgainChangesNothing() {
    JsonNode before = house.endpoints();
    house.esteira(MINUTE, "up").orFail();
    assertEquals(before, house.endpoints());
    for (String field :
        List.of(
            "version",
            "instance",
            "pid",
            "house",
            "pool",
            "console",
            "git",
            "registry",
            "kubernetes",
            "aws",
            "docker")) {
      assertTrue(before.hasNonNull(field), field);
    }
  }

  @Test
  void envIsForEvalOnly() {
    Shell.Result env = house.esteira(MINUTE, "env");
    assertEquals(0, env.exitCode());
    env.out()
        .lines()
        .forEach(line -> assertTrue(line.matches("(export [A-Z0-9_]+='.*'|unset .*)")));
    assertTrue(env.out().contains("unset AWS_PROFILE AWS_SESSION_TOKEN DOCKER_CONTEXT"));

    TestHouse nowhere = new TestHouse(directory.resolve("nowhere"));
    Shell.Result down = nowhere.esteira(MINUTE, "env");
    assertEquals("false\n", down.out());
    assertEquals(5, down.exitCode());
  }

  @Test
  void downIsFineWhenNothingRuns() {
    assertEquals(0, new TestHouse(directory.resolve("nothing")).esteira(MINUTE, "down").exitCode());
  }

  @Test
  void aProjectIsShownAsOneObject() {
    house.esteira(MINUTE, "project", "create", "group/contract").orFail();
    house.esteira(MINUTE, "project", "create", "group/contract").orFail();

    JsonNode shown = house.json("project", "show", "group/contract", "--json");

    assertEquals("group/contract", shown.path("name").asText());
    assertTrue(shown.path("git").asText().endsWith("/git/group/contract.git"));
    assertTrue(shown.path("codecommit").asText().endsWith("/v1/repos/group/contract"));
    assertTrue(shown.path("lastRun").isNull() && shown.path("defaultBranch").isNull());
    assertFalse(shown.toString().contains("est-"), "no secret in it");
  }

  @Test
  void exitCodesTellWhatWentWrong() {
    assertEquals(2, house.esteira(MINUTE, "project", "create").exitCode());
    assertEquals(2, house.esteira(MINUTE, "no-such-command").exitCode());
    assertEquals(2, house.esteira(MINUTE, "project", "create", "../x").exitCode());
    Shell.Result missing = house.esteira(MINUTE, "project", "show", "no-such-project");
    assertEquals(3, missing.exitCode());
    assertTrue(missing.err().contains("Next: ./esteira project create no-such-project"));
    house.esteira(MINUTE, "project", "create", "settings").orFail();
    assertEquals(
        4, house.esteira(MINUTE, "project", "create", "settings", "--buildspec", "x").exitCode());
    assertEquals(5, new TestHouse(directory.resolve("gone")).esteira(MINUTE, "status").exitCode());
  }

  @Test
  void variablesAreSplitAtTheFirstEqualsSignAndSecretsAreNotShown() {
    house.esteira(MINUTE, "project", "create", "vars").orFail();
    house.esteira(MINUTE, "var", "set", "--project", "vars", "A=b=c d", "EMPTY=").orFail();
    house.esteira(MINUTE, "var", "set", "--project", "vars", "--secret", "S=hidden").orFail();

    String listed = house.esteira(MINUTE, "var", "list", "--project", "vars", "--json").orFail();

    assertEquals("b=c d", TestHouse.parse(listed).path(0).path("value").asText());
    assertFalse(listed.contains("hidden"));
  }

  @Test
  void commandsHaveHelpWithAnExample() {
    for (String command : List.of("up", "doctor", "env", "demo", "lint", "runs", "net")) {
      Shell.Result help = house.esteira(MINUTE, command, "--help");
      assertEquals(0, help.exitCode(), command);
      assertTrue(help.out().contains("./esteira " + command), help.out());
    }
  }

  @Test
  void stockClientsWorkFromTheHost() {
    Shell shell = house.client(directory);
    assertTrue(
        shell
            .bash(MINUTE, "aws sts get-caller-identity --query Account --output text")
            .orFail()
            .strip()
            .matches("\\d{12}"));
    assertTrue(shell.bash(MINUTE, "kubectl get nodes -o name").orFail().startsWith("node/"));
    assertTrue(
        shell
            .bash(MINUTE, "docker version --format '{{.Server.APIVersion}}'")
            .orFail()
            .strip()
            .matches("1\\.\\d+"));
    Shell.Result unknown = shell.bash(MINUTE, "aws eks describe-cluster --name nowhere");
    assertTrue(unknown.err().contains("ResourceNotFoundException"), unknown.err());
    Shell.Result unsupported = shell.bash(MINUTE, "aws ecr describe-pull-through-cache-rules");
    assertTrue(
        unsupported.exitCode() != 0 && unsupported.err().contains("support"), unsupported.err());
  }
}
