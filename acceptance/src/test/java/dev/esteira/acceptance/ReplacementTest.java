package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Line 2 with random names, through the command line and stock clients alone: a pipeline pushes an
 * image and ends the machine that runs the old one; its group starts the replacement.
 */
@Tag("system")
class ReplacementTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SETUP_LIMIT = Duration.ofMinutes(8);
  private static final Duration RUN_LIMIT = Duration.ofMinutes(5);

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void everyPushReplacesTheMachineAndTheAddressStays() {
    Line line = prepare();
    String first = line.machine();

    // When a version is pushed
    line.push("one-" + line.seed());

    // Then another machine serves it at the same address, and the first one is listed as ended
    line.serves("one-" + line.seed());
    String second = line.machine();
    assertNotEquals(first, second);
    assertEquals("terminated", line.state(first));

    // When Esteira is killed in the middle of the replacement of the next one
    line.push("two-" + line.seed());
    house.killProcess();
    house.up();

    // Then there is one machine in service again, with the address and the new version
    line.serves("two-" + line.seed());
    String third = line.machine();
    assertNotEquals(second, third);
    assertEquals(1, line.running().size());

    // And the init of a machine that is killed costs that machine alone
    line.killInit(third);
    String fourth = line.otherMachine(third);
    line.serves("two-" + line.seed());
    assertEquals(List.of(fourth), line.running());

    // And a deploy while no machine is there fails, as it does on AWS
    line.empty();
    JsonNode run = line.pushUntilEnded("three-" + line.seed());
    assertEquals("failed", run.path("state").asText());
    assertTrue(line.log(run).contains("instanceIds"), line.log(run));
  }

  private Line prepare() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String group = "team" + random.nextInt(1000) + "/bots" + random.nextInt(1000);
    String name = "trader-" + random.nextInt(100_000);
    System.out.println("seed " + seed + ": " + group + "/" + name);
    Shell shell = house.client(directory);
    shell
        .bash(
            MINUTE,
            """
            cp -r %s/samples/charlie-tradebot/. . && git init -q -b trunk
            grep -rl charlie . --exclude-dir=.git | xargs sed -i \
              -e 's|charlie-bots|%s|g' -e 's|charlie-tradebot|%s|g' -e 's|CHARLIE_REGISTRY|BOT|g'
            """
                .formatted(TestHouse.ROOT, group, name))
        .orFail();
    house.esteira(MINUTE, "project", "create", group + "/" + name).orFail();
    JsonNode token =
        house.json(
            "token",
            "create",
            "--group",
            group,
            "--name",
            "t",
            "--right",
            "write_registry",
            "--json");
    String user = token.path("username").asText();
    String password = token.path("token").asText();
    house
        .esteira(
            MINUTE, "var", "set", "--group", group, "BOT_USER=" + user, "BOT_PASSWORD=" + password)
        .orFail();
    shell
        .bash(
            SETUP_LIMIT,
            "REGISTRY_USER='%s' REGISTRY_PASSWORD='%s' ./setup.sh".formatted(user, password))
        .orFail();
    Line line = new Line(house, shell, group, name, seed);
    line.machine();
    return line;
  }

  /** The line once it is set up. */
  private record Line(TestHouse house, Shell shell, String group, String name, long seed) {
    String project() {
      return group + "/" + name;
    }

    /** The one machine of the group, once it is in service. */
    String machine() {
      return otherMachine("none");
    }

    String otherMachine(String than) {
      return await(
          """
          aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names %s --output text \
            --query "AutoScalingGroups[0].Instances[?LifecycleState=='InService'].InstanceId" \
            | grep -v '^None$' | grep -v %s
          """
              .formatted(name, than));
    }

    List<String> running() {
      String ids =
          ask(
              "aws ec2 describe-instances --output text --filters Name=tag:Name,Values=%s"
                  + " Name=instance-state-name,Values=pending,running"
                  + " --query 'Reservations[*].Instances[*].InstanceId'");
      return ids.lines().toList();
    }

    String state(String machine) {
      return await(
          """
          aws ec2 describe-instances --instance-ids %s --output text \
            --query 'Reservations[0].Instances[0].State.Name' | grep -E 'terminated|running'
          """
              .formatted(machine));
    }

    private String ask(String command) {
      return shell.bash(MINUTE, command.formatted(name)).orFail().strip();
    }

    private String await(String command) {
      return shell
          .bash(
              RUN_LIMIT,
              "for i in $(seq 300); do { "
                  + command.strip()
                  + "; } && exit 0; sleep 0.5; done; exit 1")
          .orFail()
          .strip();
    }

    /** Pushes a version and waits until its run succeeded. */
    void push(String version) {
      JsonNode run = pushUntilEnded(version);
      assertEquals("succeeded", run.path("state").asText(), log(run));
    }

    JsonNode pushUntilEnded(String version) {
      JsonNode shown = house.json("project", "show", project(), "--json");
      shell
          .bash(
              MINUTE,
              "echo '%s' > VERSION && git add -A && git commit -qm v && git push -q '%s' HEAD:trunk"
                  .formatted(version, shown.path("git").asText()))
          .orFail();
      house.esteira(RUN_LIMIT, "logs", "-f", project());
      return house.json("project", "show", project(), "--json").path("lastRun");
    }

    String log(JsonNode run) {
      return house.esteira(MINUTE, "logs", run.path("id").asText()).out();
    }

    void serves(String version) {
      String address =
          ask(
              "aws ec2 describe-addresses --filters Name=tag:Name,Values=%s --output text"
                  + " --query 'Addresses[0].PublicIp'");
      assertFalse(address.isEmpty());
      var _ =
          await(
              "curl -s -m 5 --noproxy '*' http://"
                  + address
                  + "/health-check | grep '"
                  + version
                  + "'");
    }

    void killInit(String machine) {
      String container =
          house
              .engine("ps", "-q", "--no-trunc", "--filter", "name=" + machine)
              .orFail()
              .lines()
              .findFirst()
              .orElseThrow();
      String pid = house.engine("inspect", "-f", "{{.State.Pid}}", container).orFail().strip();
      shell.bash(MINUTE, "kill -9 " + pid).orFail();
    }

    /** Takes the group's machines away, and waits until nothing of them is listed. */
    void empty() {
      shell
          .bash(
              MINUTE,
              "aws autoscaling delete-auto-scaling-group --force-delete --auto-scaling-group-name "
                  + name)
          .orFail();
      shell
          .bash(MINUTE, "sed -i 's/^INSTANCE_NAME=.*/INSTANCE_NAME=nothing-here/' names.txt")
          .orFail();
    }
  }
}
