package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Awaiting;
import dev.esteira.base.Json;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that take over sandboxes which were made before, in a real engine. */
@Tag("system")
@Timeout(300)
class WarmStartTest {
  private static final String ODD = "it's a \"$PATH\"\nof two lines";

  private static TestingHouse house;
  private static int jobs;

  private final TestingEvents events = new TestingEvents();
  private SandboxRunner runner;
  private String jobId;

  @BeforeAll
  static void openHouse() throws IOException {
    house = new TestingHouse();
    house.access.createProject("shop", Map.of());
    house.access.setVariables(
        "project/shop",
        List.of(
            new Access.Variable("PASSWORD", "tr0ub4dor&3", true, false),
            new Access.Variable("ODD", ODD, false, false),
            new Access.Variable("CONF", "a: 1\n", false, true)));
  }

  /** Nothing of this home remains when it goes down, sandboxes that wait included. */
  @AfterAll
  static void closeHouse() throws IOException {
    List<WarmMember> members = members();
    assertFalse(members.isEmpty());
    String id = house.home.id();
    house.close();
    for (WarmMember member : members) {
      assertFalse(member.isWaiting(house.home));
      assertFalse(Files.exists(Path.of("/proc/" + member.pid())), "lives: " + member);
    }
    try (var links = Files.list(Path.of("/sys/class/net"))) {
      assertTrue(links.noneMatch(l -> l.getFileName().toString().startsWith("es" + id + "-")));
    }
  }

  @BeforeEach
  void begin() throws InterruptedException {
    jobId = "warm" + ++jobs;
    runner = house.runner(1);
    runner.open();
    await(() -> runner.warm() == 1, "a sandbox that waits");
  }

  @AfterEach
  void end() throws Exception {
    runner.cleanUp(jobId, 1);
    await(() -> runner.warm() == 1 && members().size() == 1, "the pool to be full again");
    // What is left is the one that waits, and nothing else.
    WarmMember waits = members().getFirst();
    assertEquals(
        List.of(waits.id()),
        house.engine.containers(Map.of("esteira.home", house.home.id())).stream()
            .map(c -> c.at("/Labels/esteira.sandbox").asText())
            .toList());
    assertEquals(
        List.of("warm/" + waits.id()),
        house.ledger.list("net.bridge", "").stream().map(b -> b.key()).toList());
    assertEquals(List.of(waits.id()), names(house.home.job("warm")));
    assertFalse(Files.exists(house.home.job(jobId).resolve("1")));
    assertFalse(house.doors.contains("job/" + jobId));
    assertTrue(house.ledger.get(SandboxRecord.KIND, jobId + "/1").isEmpty());
    runner.close();
  }

  @Test
  void aJobCannotTellWhetherItsSandboxWaitedForIt() throws Exception {
    Plan.Section look =
        JobScriptTest.section(
            "build",
            "env",
            "pwd -P",
            "ls -a /codebuild /codebuild/output/src . /run/esteira /run",
            "cat README $CONF",
            "cat /proc/self/mountinfo",
            "cat /proc/$PPID/cmdline",
            "id; umask; ls -l /proc/self/fd/0",
            "[ \"$ODD\" = \"" + ODD.replaceAll("([\"$])", "\\\\$1") + "\" ] && echo odd is right");
    // When
    WarmMember member = members().getFirst();
    start(runner, events, look);
    assertEquals("ended ", events.end());
    List<String> warm = comparable(log());
    // Then
    assertEquals(Optional.of(member), taken(), "not taken over");
    assertTrue(warm.contains("odd is right") && warm.contains("c0ffee"), warm.toString());
    // And the same without a pool
    runner.cleanUp(jobId, 1);
    jobId = "cold" + jobs;
    SandboxRunner cold = house.runner();
    TestingEvents second = new TestingEvents();
    start(cold, second, look);
    assertEquals("ended ", second.end());
    assertEquals(Optional.empty(), taken());
    assertEquals(String.join("\n", comparable(log())), String.join("\n", warm));
    cold.cleanUp(jobId, 1);
    cold.close();
  }

  /** Without what differs from job to job. */
  private List<String> comparable(List<String> log) {
    return log.stream()
        .map(line -> line.replace(jobId, "JOB"))
        .map(line -> line.replaceAll("^(AWS_ACCESS_KEY_ID|CODEBUILD_START_TIME)=.*", "$1"))
        // Mounts are numbered, and lie in directories of the container's own.
        .map(line -> line.replaceAll("^\\d+ \\d+ \\d+:\\d+ (\\S+) (\\S+) .*", "mount $2"))
        .map(line -> line.replaceAll("\\d\\d:\\d\\d", "TIME"))
        .sorted()
        .toList();
  }

  @Test
  void thePoolFillsAgainAndSecretsStaySecretWhenAnotherRunnerAdopts() throws Exception {
    Plan.Section work =
        JobScriptTest.section(
            "build", "echo up; sleep 1.5", "echo $PASSWORD $AWS_SECRET_ACCESS_KEY");
    start(runner, events, work);
    events.await("step 0 = |step 0 b");
    await(() -> runner.warm() == 1, "another sandbox that waits");
    WarmMember waits = members().getFirst();
    // When
    runner.close();
    runner = house.runner(1);
    runner.open();
    TestingEvents second = new TestingEvents();
    start(runner, second, work);
    // Then
    assertEquals("ended ", second.end());
    assertTrue(log().contains("*** ***"), log().toString());
    await(() -> runner.warm() == 1, "the sandbox that waited");
    assertEquals(List.of(waits), members());
  }

  @Test
  void oneThatHasDiedIsNotUsed() throws Exception {
    WarmMember member = members().getFirst();
    house.engine.removeContainer(member.name(house.home));
    start(runner, events, JobScriptTest.section("build", "echo well"));
    assertEquals("ended ", events.end());
    assertTrue(log().contains("well"));
    assertEquals(Optional.empty(), taken());
  }

  @Test
  void oneThatDiesWhileItIsTakenOverIsReplaced() throws Exception {
    SandboxRunner killer =
        TestingCrash.networks(
            house, () -> house.engine.removeContainer(members(jobId).getFirst().name(house.home)));
    killer.open();
    runner.close();
    runner = killer;
    await(() -> runner.warm() == 1, "a sandbox that waits");
    start(runner, events, JobScriptTest.section("build", "echo well"));
    String how = events.end();
    assertTrue(how.equals("ended ") || how.startsWith("system failure"), how);
  }

  @Test
  void aJobOfAnotherImageAndASecondAttemptStartFromNothing() throws Exception {
    house.engine.tagImage(TestingHouse.IMAGE, "tools", "2");
    Plan.Section work = JobScriptTest.section("build", "echo well");
    runner.start(assignment(jobId, 1, "tools:2", work), events);
    assertEquals("ended ", events.end());
    TestingEvents again = new TestingEvents();
    runner.start(assignment(jobId, 2, TestingHouse.IMAGE, work), again);
    assertEquals("ended ", again.end());
    assertEquals(Optional.empty(), taken());
    runner.cleanUp(jobId, 2);
  }

  @Test
  void aJobThatIsCancelledEnds() throws Exception {
    start(runner, events, JobScriptTest.section("build", "sleep 60"));
    events.await("step 0");
    runner.cancel(jobId, 1);
    assertEquals("ended cancelled", events.end());
  }

  @Test
  void theEngineMayBeKilledBetween() throws Exception {
    house.killEngine();
    start(runner, events, JobScriptTest.section("build", "echo up; sleep 1; echo still here"));
    assertEquals("ended ", events.end());
    assertTrue(log().contains("still here"), log().toString());
  }

  @ParameterizedTest
  @EnumSource(TestingCrash.Moment.class)
  void aCrashNeitherLosesNorDoublesAnything(TestingCrash.Moment moment) throws Exception {
    // Given
    Plan.Section work =
        JobScriptTest.section("build", "echo begun >> /codebuild/output/src/shop/a; cat a");
    runner.close();
    TestingCrash crash = new TestingCrash(house, moment);
    SandboxRunner first = crash.runner();
    first.open();
    await(() -> first.warm() == 1, "a sandbox that waits");
    // When
    crash.arm();
    start(first, events, work);
    await(crash::happened, "the crash " + moment);
    first.close();
    runner = house.runner(1);
    runner.open();
    TestingEvents second = new TestingEvents();
    start(runner, second, work);
    // Then
    assertEquals("ended ", second.end(), log().toString());
    assertEquals(1, log().stream().filter("begun"::equals).count(), log().toString());
    assertEquals(1, log().stream().filter(l -> l.startsWith("Job build of run")).count());
  }

  private void start(SandboxRunner by, TestingEvents to, Plan.Section section) {
    by.start(assignment(jobId, 1, TestingHouse.IMAGE, section), to);
  }

  private static JobRunner.Assignment assignment(
      String id, int attempt, String image, Plan.Section section) {
    Plan.Job job =
        new Plan.Job(
            "build",
            image,
            Plan.ShellRule.EACH_COMMAND,
            "sh",
            Map.of("OF_FILE", "$HOME"),
            List.of(section),
            List.of(),
            List.of(),
            Optional.empty(),
            60);
    return new JobRunner.Assignment(
        id, attempt, new Runs.Request("shop", "c0ffee", "refs/heads/main", "ana"), 7, "r", job);
  }

  private static List<WarmMember> members() {
    return house.ledger.list(WarmMember.KIND, "").stream()
        .map(s -> Json.read(s.body(), WarmMember.class))
        .filter(m -> m.pid() > 0)
        .toList();
  }

  private static List<WarmMember> members(String job) {
    return house.ledger.list(SandboxRecord.KIND, job).stream()
        .flatMap(s -> Json.read(s.body(), SandboxRecord.class).warm().stream())
        .toList();
  }

  private Optional<WarmMember> taken() {
    return members(jobId).stream().findFirst();
  }

  private List<String> log() {
    return house.logs.read("job/" + jobId + "/1", 0, 10_000).stream().map(Logs.Line::text).toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (var names = Files.list(directory)) {
      return names.map(n -> n.getFileName().toString()).toList();
    }
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    Awaiting.until(condition, () -> what);
  }
}
