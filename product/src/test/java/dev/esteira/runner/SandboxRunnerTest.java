package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.access.Access;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs in real sandboxes of a real engine. */
@Tag("system")
@Timeout(300)
class SandboxRunnerTest {
  @RegisterExtension static final TestingJobs jobs = new TestingJobs("shop");
  private static int lastNumber;

  private final TestingEvents events = new TestingEvents();
  private final String jobId = "job" + ++lastNumber;

  @AfterEach
  void end() {
    jobs.runner().cleanUp(jobId, 1);
    jobs.restart();
    TestingHouse house = jobs.house();
    assertTrue(house.engine.containers(Map.of("esteira.owner", "job/" + jobId)).isEmpty());
    assertFalse(Files.exists(house.home.job(jobId).resolve("1")));
    assertFalse(house.doors.contains("job/" + jobId));
  }

  @Test
  void allPhasesShareOneShellAndEnvironment() throws Exception {
    jobs.house()
        .access
        .setVariables(
            "project/shop",
            List.of(
                new Access.Variable("WHO", "of the project", false, false),
                new Access.Variable("CONF", "a: 1\n", false, true)));
    start(
        Map.of("WHO", "of the file", "KEPT", "$PATH"),
        JobScriptTest.section("pre_build", "A=1; export B=2", "mkdir d", "cd d"),
        JobScriptTest.section(
            "build",
            "echo \"$A $B $PWD\"",
            "echo \"$WHO|$KEPT\"",
            "cat ../README",
            "cat $CONF",
            "echo $CODEBUILD_BUILD_NUMBER $AWS_DEFAULT_REGION $HOME",
            "[ -n \"$AWS_ACCESS_KEY_ID\" ] && echo key",
            "ls -l /var/run/docker.sock"));
    assertEquals("ended ", events.end());
    List<String> log = log();
    assertTrue(log.contains("1 2 /codebuild/output/src/shop/d"), log.toString());
    assertTrue(log.contains("of the project|$PATH"), log.toString());
    assertTrue(log.contains("c0ffee") && log.contains("a: 1"), log.toString());
    assertTrue(log.contains("7 us-east-1 /root") && log.contains("key"), log.toString());
    assertTrue(log.stream().anyMatch(l -> l.endsWith("-> /run/esteira/door/docker.sock")));
    assertTrue(log.contains("$ mkdir d") && log.contains("== BUILD"), log.toString());
    assertEquals("Job succeeded", log.getLast());
    assertTrue(jobs.house().logs.ended("job/" + jobId + "/1"));
  }

  @Test
  void aFailedBuildStillRunsPostBuildAndSaysWhatFailed() throws Exception {
    start(
        Map.of(),
        JobScriptTest.section("build", "false", "echo never"),
        JobScriptTest.after("echo after $CODEBUILD_BUILD_SUCCEEDING"));
    assertEquals("ended build: 'false' exited with code 1", events.end());
    assertTrue(log().contains("after 0"));
    assertFalse(log().contains("never"));
    assertEquals(
        List.of(
            "started",
            "step 0 build: false",
            "step 0 = 1",
            "step 1 post_build: echo after $CODEBUILD_BUILD_SUCCEEDING",
            "step 1 = 0"),
        events.told.subList(0, 5));
  }

  @Test
  void anotherRunnerAdoptsTheSandboxWithoutGapOrRepetition() throws Exception {
    // Given
    String count = "for i in 1 2 3 4 5 6 7 8 9 10; do echo line $N$i; sleep 0.1; done";
    start(
        Map.of(),
        JobScriptTest.section("build", "N=a; " + count, "N=b; " + count, "N=c; " + count));
    events.await("step 0 = 0");
    jobs.house().logs.append("job/" + jobId + "/1", Instant.now(), "a notice of another");
    events.await("step 1 b");
    // When
    jobs.restart();
    jobs.house().logs.append("job/" + jobId + "/1", Instant.now(), "and one more");
    TestingEvents second = new TestingEvents();
    jobs.runner()
        .start(
            assignment(
                1,
                List.of(),
                Map.of(),
                JobScriptTest.section("build", "N=a; " + count, "N=b; " + count, "N=c; " + count)),
            second);
    // Then
    assertEquals("ended ", second.end());
    List<String> lines = log().stream().filter(l -> l.startsWith("line ")).toList();
    assertEquals(
        List.of("a", "b", "c").stream()
            .flatMap(n -> IntStream.rangeClosed(1, 10).mapToObj(i -> "line " + n + i))
            .toList(),
        lines);
    assertEquals(1, log().stream().filter(l -> l.startsWith("Job build of run")).count());
    assertTrue(log().contains("a notice of another"), log().toString());
    assertTrue(log().contains("and one more"), log().toString());
  }

  @Test
  void aSandboxThatEndedWhileNobodyWatchedIsReadToItsEnd() throws Exception {
    Plan.Section work = JobScriptTest.section("build", "sleep 0.3", "echo done alone");
    start(Map.of(), work);
    events.await("started");
    jobs.restart();
    jobs.house().engine.waitContainer("esteira-" + jobs.house().home.id() + "-job-" + jobId + "-1");
    TestingEvents second = new TestingEvents();
    jobs.runner().start(assignment(1, List.of(), Map.of(), work), second);
    assertEquals("ended ", second.end());
    assertTrue(log().contains("done alone"));
  }

  @Test
  void secretsNeverReachTheLog() throws Exception {
    String secret = "tr0ub4dor&3/+x";
    jobs.house()
        .access
        .setVariables(
            "project/shop", List.of(new Access.Variable("PASSWORD", secret, true, false)));
    start(
        Map.of(),
        JobScriptTest.section(
            "build",
            "echo \"pass $PASSWORD\"",
            "printf 'tr0ub'; sleep 0.2; echo '4dor&3/+x'",
            "printf '%s' \"user:$PASSWORD\" | base64",
            "echo $AWS_SECRET_ACCESS_KEY",
            "env"));
    assertEquals("ended ", events.end());
    String all = String.join("\n", log());
    assertFalse(all.contains(secret), all);
    assertFalse(all.contains("dHIwdWI0"), all);
    assertTrue(all.contains("pass ***") && all.contains("PASSWORD=***"), all);
  }

  @Test
  void aHugeLineComesInPieces() throws Exception {
    start(
        Map.of(),
        JobScriptTest.section("build", "head -c 100000000 /dev/zero | tr '\\0' x", "echo end"));
    assertEquals("ended ", events.end());
    long size = jobs.house().logs.size("job/" + jobId + "/1");
    assertTrue(size > 6_000 && size < 6_300, "lines " + size);
    assertTrue(last(10).contains("end"), last(10).toString());
  }

  @Test
  void artifactsAreKeptEvenWhenTheBuildFails() throws Exception {
    Plan.Artifacts artifacts =
        new Plan.Artifacts("app-$V", "out", List.of("**/*"), List.of("**/*.tmp"), false);
    jobs.runner()
        .start(
            assignment(
                1,
                List.of(artifacts),
                Map.of(),
                JobScriptTest.section(
                    "build",
                    "V=3; mkdir -p out/lib; echo x > out/run.sh; chmod 755 out/run.sh; touch"
                        + " out/a.tmp",
                    "echo y > out/lib/y; printf half; false")),
            events);
    assertEquals(
        "ended build: 'echo y > out/lib/y; printf half; false' exited with code 1", events.end());
    assertTrue(log().contains("half"), log().toString());
    assertTrue(log().contains("== UPLOAD_ARTIFACTS"), log().toString());
    JsonNode kept =
        Json.parse(jobs.house().ledger.get("artifact", jobId + "/app-3").orElseThrow().body());
    Path zip = jobs.house().blobs.file(new Digest(kept.path("digest").asText())).orElseThrow();
    try (ZipFile packed = ZipFile.builder().setPath(zip).get()) {
      assertEquals(
          Set.of("run.sh", "lib/y"),
          Collections.list(packed.getEntries()).stream()
              .map(e -> e.getName())
              .collect(Collectors.toSet()));
      assertEquals(0100755, packed.getEntry("run.sh").getUnixMode());
    }
  }

  @Test
  void artifactsThatMatchNothingFailTheJob() throws Exception {
    Plan.Artifacts artifacts = new Plan.Artifacts("app", "", List.of("*.jar"), List.of(), false);
    jobs.runner()
        .start(
            assignment(1, List.of(artifacts), Map.of(), JobScriptTest.section("build", "true")),
            events);
    assertEquals("ended no matching artifact paths found for *.jar", events.end());
  }

  @Test
  void aSandboxThatIsTakenAwayIsASystemFailure() throws Exception {
    start(Map.of(), JobScriptTest.section("build", "echo up; sleep 60"));
    events.await("step 0");
    jobs.house()
        .engine
        .removeContainer("esteira-" + jobs.house().home.id() + "-job-" + jobId + "-1");
    assertTrue(events.end().startsWith("system failure "), events.end());
  }

  @Test
  void theEngineMayBeKilledMeanwhile() throws Exception {
    start(Map.of(), JobScriptTest.section("build", "echo up; sleep 2; echo still here"));
    events.await("step 0");
    jobs.house().killEngine();
    assertEquals("ended ", events.end());
    assertTrue(log().contains("still here"), log().toString());
  }

  @Test
  void aCancelledJobEnds() throws Exception {
    start(Map.of(), JobScriptTest.section("build", "sleep 60"));
    events.await("step 0");
    jobs.runner().cancel(jobId, 1);
    assertEquals("ended cancelled", events.end());
  }

  @Test
  void anImageThatNobodyKnowsFailsTheJob() throws Exception {
    JobRunner.Assignment known = assignment(1, List.of(), Map.of());
    Plan.Job unknown = known.job().in("nowhere:9");
    jobs.runner()
        .start(new JobRunner.Assignment(jobId, 1, known.run(), 7, known.runId(), unknown), events);
    assertEquals("ended image nowhere:9: nobody knows nowhere:9", events.end());
  }

  @Test
  void cachesOfABuildspecComeBackAlsoFromOutsideTheWorkspace() throws Exception {
    List<String> paths = List.of("/root/.m2/**/*", "deps/**/*");
    jobs.runner()
        .start(
            caching(
                1,
                paths,
                "test ! -e deps && mkdir -p deps /root/.m2/a && echo one > /root/.m2/a/b",
                "echo two > deps/c"),
            events);
    assertEquals("ended ", events.end(), () -> log().toString());
    TestingEvents second = new TestingEvents();
    jobs.runner().start(caching(2, paths, "cat /root/.m2/a/b deps/c"), second);
    assertEquals("ended ", second.end());
    // A link to the host's own files leads nowhere.
    TestingEvents third = new TestingEvents();
    String place = "$(dirname $(ls -d /run/esteira/cache/*/a))";
    jobs.runner().start(caching(3, paths, "d=" + place, "rm -r $d", "ln -s /etc $d"), third);
    assertEquals("ended ", third.end());
    TestingEvents last = new TestingEvents();
    jobs.runner().start(caching(4, paths, "cat /root/.m2/a/b", "test ! -e /root/.m2/passwd"), last);
    assertEquals("ended ", last.end());
    for (int attempt = 2; attempt <= 4; attempt++) {
      jobs.runner().cleanUp(jobId, attempt);
    }
  }

  private JobRunner.Assignment caching(int attempt, List<String> paths, String... commands) {
    return assignment(
        attempt, List.of(), paths, Map.of(), JobScriptTest.section("build", commands));
  }

  private void start(Map<String, String> variables, Plan.Section... sections) {
    jobs.runner().start(assignment(1, List.of(), variables, sections), events);
  }

  private JobRunner.Assignment assignment(
      int attempt,
      List<Plan.Artifacts> artifacts,
      Map<String, String> variables,
      Plan.Section... sections) {
    return assignment(attempt, artifacts, List.of(), variables, sections);
  }

  private JobRunner.Assignment assignment(
      int attempt,
      List<Plan.Artifacts> artifacts,
      List<String> cachePaths,
      Map<String, String> variables,
      Plan.Section... sections) {
    Plan.Job job =
        new Plan.Job(
            "build",
            TestingHouse.IMAGE,
            Plan.ShellRule.EACH_COMMAND,
            "sh",
            variables,
            Arrays.asList(sections),
            artifacts,
            cachePaths,
            Optional.empty(),
            60);
    return new JobRunner.Assignment(
        jobId, attempt, new Runs.Request("shop", "c0ffee", "refs/heads/main", "ana"), 7, "r", job);
  }

  private List<String> log() {
    return jobs.house().logs.read("job/" + jobId + "/1", 0, 10_000).stream()
        .map(Logs.Line::text)
        .toList();
  }

  private List<String> last(int count) {
    String stream = "job/" + jobId + "/1";
    return jobs.house().logs.read(stream, jobs.house().logs.size(stream) - count, count).stream()
        .map(Logs.Line::text)
        .toList();
  }
}
