package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes from job to job: artifacts, reports and caches, in real sandboxes. */
@Tag("system")
@Timeout(300)
class JobFilesTest {
  @RegisterExtension static final TestingJobs jobs = new TestingJobs("team/shop");

  private final TestingScript first = jobs.script();
  private final TestingScript second = jobs.script();

  private static Plan.Artifacts artifacts(
      Plan.Keep keep, List<String> paths, List<String> excludes) {
    return new Plan.Artifacts(
        "$CI_JOB-files", "", paths, excludes, false, keep, Optional.empty(), false, Map.of());
  }

  private static Plan.Artifacts reports(Map<String, List<String>> reports) {
    return new Plan.Artifacts(
        "",
        "",
        List.of(),
        List.of(),
        false,
        Plan.Keep.ON_SUCCESS,
        Optional.empty(),
        false,
        reports);
  }

  private static Setting.Cache cache(String key, List<String> files, List<String> fallback) {
    return new Setting.Cache(
        key, files, List.of("deps/"), false, true, true, Plan.Keep.ON_SUCCESS, fallback);
  }

  @Test
  void theFilesOfOneJobAreInTheWorkspaceOfTheNext() throws Exception {
    first
        .predefined("CI_JOB", "build")
        .artifacts(
            artifacts(
                Plan.Keep.ON_SUCCESS, List.of("out/", "*.txt", "none/*.jar"), List.of("**/*.o")))
        .script(
            "mkdir -p out/sub",
            "echo a > out/sub/a; echo b > b.txt; echo o > out/x.o",
            "chmod 755 out/sub/a; ln -s sub/a out/link");
    assertEquals("ended ", first.run());
    assertTrue(
        first.log().stream().anyMatch(l -> l.startsWith("WARNING: none/*.jar: no matching files")));
    second
        .input(first)
        .script("cat out/sub/a b.txt out/link; test -x out/sub/a && test -L out/link; ls out");
    assertEquals("ended ", second.run());
    second.says("b");
    second.says("link");
    assertFalse(second.log().contains("x.o"));
    assertEquals(Optional.of("a\n"), jobs.runner().artifact(first.jobId, "out/sub/a"));
    assertEquals(Optional.empty(), jobs.runner().artifact(first.jobId, "nothing"));
  }

  @Test
  void aFailedJobKeepsWhatIsForFailuresAlone() throws Exception {
    first
        .artifacts(artifacts(Plan.Keep.ON_SUCCESS, List.of("good"), List.of()))
        .script("echo x > good; exit 1");
    second
        .artifacts(artifacts(Plan.Keep.ON_FAILURE, List.of("bad"), List.of()))
        .script("echo x > bad; exit 1");
    assertEquals("ended exit code 1", first.run());
    assertEquals("ended exit code 1", second.run());
    assertEquals(List.of(), jobs.house().files().list(first.jobId));
    assertEquals(1, jobs.house().files().list(second.jobId).size());
  }

  @Test
  void whatMatchesNothingIsAWarning() throws Exception {
    first.artifacts(artifacts(Plan.Keep.ALWAYS, List.of("nope"), List.of())).script("true");
    assertEquals("ended ", first.run());
    first.says("ERROR: No files to upload");
  }

  @Test
  void untrackedFilesAreWhatTheCommitDidNotBring() throws Exception {
    first
        .artifacts(
            new Plan.Artifacts(
                "u",
                "",
                List.of(),
                List.of(),
                false,
                Plan.Keep.ALWAYS,
                Optional.of(3_600L),
                true,
                Map.of()))
        .script("echo new > made", "echo changed >> README");
    assertEquals("ended ", first.run());
    JobFiles.Kept kept = jobs.house().files().list(first.jobId).getFirst();
    assertEquals(1, kept.files());
    assertTrue(kept.expiresAt().isPresent());
  }

  @Test
  void reportsAreReadAndDotenvReachesTheNextJob() throws Exception {
    first
        .artifacts(reports(Map.of("dotenv", List.of("*.env"), "junit", List.of("r/*.xml"))))
        .coverage("/TOTAL.*?(\\d+)%/")
        .environment("review", "https://$HOST_NAME.example")
        .script(
            "echo HOST_NAME=preview-7 > deploy.env",
            "mkdir r",
            "echo '<testsuite><testcase classname=\"A\" name=\"x\"/><testcase classname=\"A\""
                + " name=\"y\"><failure>no</failure></testcase></testsuite>' > r/a.xml",
            "echo 'TOTAL 10 2 87.5%'");
    assertEquals("ended ", first.run());
    Outcome outcome = jobs.house().files().outcome(first.jobId).orElseThrow();
    assertEquals(Map.of("HOST_NAME", "preview-7"), outcome.variables());
    assertEquals(Optional.of(new Outcome.Tests(2, 1, 0, List.of("A.y"))), outcome.tests());
    assertTrue(
        first.events.told.contains("environment review https://preview-7.example"),
        first.events.told.toString());
    second.input(first).variable("HOST_NAME", "of the file").script("echo \"at $HOST_NAME\"");
    assertEquals("ended ", second.run());
    second.says("at preview-7");
  }

  @Test
  void aLinkInTheWorkspaceDoesNotLeadArtifactsOut() throws Exception {
    first.artifacts(artifacts(Plan.Keep.ALWAYS, List.of("x"), List.of()));
    first.script("mkdir x; echo evil > x/file");
    assertEquals("ended ", first.run());
    Path outside = Files.createDirectory(jobs.house().directory.resolve("outside"));
    Path work = Files.createDirectory(jobs.house().directory.resolve("w"));
    Files.createSymbolicLink(work.resolve("x"), outside);
    JobFiles.Kept kept = jobs.house().files().list(first.jobId).getFirst();
    jobs.house()
        .files()
        .with(
            kept.digest(),
            jobs.house().directory.resolve("spool"),
            z -> new ZipTree(work).unpack(z));
    assertFalse(Files.exists(outside.resolve("file")));
    assertTrue(Files.isRegularFile(work.resolve("x/file")));
  }

  @Test
  void aCacheIsThereForTheNextJobWithItsKey() throws Exception {
    first
        .cache(cache("$CI_NAME", List.of(), List.of()))
        .predefined("CI_NAME", "main/../x")
        .script("test ! -e deps", "mkdir deps; echo one > deps/one; ln -s one deps/two");
    assertEquals("ended ", first.run());
    second
        .cache(cache("other", List.of("README"), List.of("main/../x")))
        .script("cat deps/one", "test -L deps/two", "echo more > deps/three");
    assertEquals("ended ", second.run());
    second.says("one");
    TestingScript third = jobs.script();
    third.cache(cache("other", List.of("README"), List.of())).script("cat deps/three");
    assertEquals("ended ", third.run());
    TestingScript failing = jobs.script();
    failing.cache(cache("failed", List.of(), List.of()));
    failing.script("mkdir deps; echo x > deps/x; false");
    assertEquals("ended exit code 1", failing.run());
    TestingScript last = jobs.script();
    last.cache(cache("failed", List.of(), List.of())).script("test ! -e deps");
    assertEquals("ended ", last.run());
  }
}
