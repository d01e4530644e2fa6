package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Line 1 with random names, through the command line and stock clients alone. */
@Tag("system")
class StrangerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration RUN_LIMIT = Duration.ofMinutes(5);

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  /** Two lines of different random names, one after the other in the same house. */
  @RepeatedTest(2)
  void aStrangersFilesGoFromPushToLiveAndRollOnTheNextPush() {
    long seed = System.nanoTime();
    StrangerProject project = StrangerProject.random(seed);
    System.out.println("seed " + seed + ": " + project);
    Shell shell = prepare(project);

    // When the first commit is pushed
    String first = push(shell, project, "first-" + seed);
    follow(project);

    // Then two tags are in the registry, two pods are ready, and the commit's bytes are served
    String address = serves(shell, project, first);
    assertEquals(List.of("1", "latest"), tags(shell, project));
    assertEquals("2/2", ready(shell, project));
    fromAContainer(shell, address, first);

    // When Esteira is killed in the middle of the second run
    String second = push(shell, project, "second-" + seed);
    house.killProcess();
    assertEquals(first, answer(shell, address), "the old version keeps serving");
    house.up();
    follow(project);

    // Then the second commit's bytes are served at the same address
    assertEquals(address, serves(shell, project, second));
    assertTrue(tags(shell, project).contains("2"));
    assertEquals("2/2", ready(shell, project));
  }

  private Shell prepare(StrangerProject project) {
    house.esteira(MINUTE, "project", "create", project.project()).orFail();
    house
        .esteira(
            MINUTE,
            "var",
            "set",
            "--project",
            project.project(),
            project.registryVariable() + "=" + project.account(),
            project.clusterVariable() + "=" + project.cluster(),
            "AWS_DEFAULT_REGION=" + project.region())
        .orFail();
    Shell shell = house.client(directory);
    shell.bash(MINUTE, "git init -q -b " + project.branch()).orFail();
    return shell;
  }

  private String push(Shell shell, StrangerProject project, String marker) {
    project.write(directory, marker);
    JsonNode shown = house.json("project", "show", project.project(), "--json");
    shell
        .bash(
            MINUTE,
            "git add -A && git commit -qm '"
                + marker
                + "' && git push -q '"
                + shown.path("git").asText()
                + "' HEAD:"
                + project.branch())
        .orFail();
    return marker;
  }

  private void follow(StrangerProject project) {
    house.esteira(RUN_LIMIT, "logs", "-f", project.project()).orFail();
    JsonNode run = house.json("project", "show", project.project(), "--json").path("lastRun");
    assertEquals("succeeded", run.path("state").asText());
  }

  /** Waits until only this marker is served at the service's external address; returns it. */
  private String serves(Shell shell, StrangerProject project, String marker) {
    Shell.Result found =
        shell.bash(
            RUN_LIMIT,
            """
            for i in $(seq 600); do
              a=$(kubectl get service %s -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
              if [ -n "$a" ]; then
                all=$(for j in 1 2 3 4 5 6; do curl -s -m 5 --noproxy '*' "http://$a/"; echo; done)
                all=$(echo "$all" | sort -u)
                [ "$all" = '%s' ] && { echo "$a"; exit 0; }
              fi
              sleep 0.2
            done
            echo "last answers: $all"; kubectl get all; exit 1
            """
                .formatted(project.service(), marker));
    return found.orFail().strip();
  }

  private static String answer(Shell shell, String address) {
    return shell.bash(MINUTE, "curl -s -m 5 --noproxy '*' http://" + address + "/").orFail();
  }

  private static List<String> tags(Shell shell, StrangerProject project) {
    JsonNode images =
        TestHouse.parse(
            shell
                .bash(
                    MINUTE,
                    "aws ecr describe-images --output json --repository-name " + project.image())
                .orFail());
    List<String> tags = new ArrayList<>();
    images
        .path("imageDetails")
        .forEach(i -> i.path("imageTags").forEach(t -> tags.add(t.asText())));
    return tags.stream().sorted().toList();
  }

  private static String ready(Shell shell, StrangerProject project) {
    return shell
        .bash(
            MINUTE,
            "kubectl get deployment "
                + project.label()
                + " -o jsonpath='{.status.readyReplicas}/{.status.replicas}'")
        .orFail();
  }

  private static void fromAContainer(Shell shell, String address, String marker) {
    Shell.Result fetched =
        shell.bash(
            MINUTE,
            "docker run --rm python:3 python3 -c \"import urllib.request as u;"
                + " print(u.urlopen('http://"
                + address
                + "/', timeout=5).read().decode())\"");
    assertEquals(marker, fetched.orFail().strip());
  }
}
