package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.esteira.pipeline.Plan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sites that jobs publish, in real sandboxes. */
@Tag("system")
@Timeout(300)
class SiteJobTest {
  @RegisterExtension static final TestingJobs jobs = new TestingJobs("team/shop");

  private final TestingScript job = jobs.script();

  private static Plan.Artifacts archive(String... paths) {
    return new Plan.Artifacts("artifacts", "", List.of(paths), List.of(), false);
  }

  private static String page(String path) {
    StringBuilder text = new StringBuilder();
    Sites sites = jobs.house().files().sites();
    boolean there =
        sites.read(
            sites.find("team/shop").orElseThrow(),
            path,
            (bytes, in) -> text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    return there ? text.toString() : "nothing";
  }

  @Test
  void aSuccessReplacesTheSiteAsAWholeAndAFailureLeavesIt() throws Exception {
    // Given
    job.script("mkdir -p public/a", "echo one > public/index.html", "echo old > public/a/b.txt")
        .script("echo out > out.txt", "ln -s /etc/hostname public/link")
        .artifacts(archive("public", "out.txt"))
        .site("./public/");
    assertEquals("ended ", job.run());
    assertEquals("one\n", page("index.html"));
    assertEquals("old\n", page("a/b.txt"));
    assertEquals("nothing", page("../out.txt"));
    assertEquals("nothing", page("link"));
    // When
    TestingScript failed = jobs.script();
    failed
        .script("mkdir public", "echo two > public/index.html", "false")
        .artifacts(archive("public"))
        .site("public");
    failed.run();
    assertEquals("one\n", page("index.html"));
    TestingScript next = jobs.script();
    next.script("mkdir public", "echo three > public/index.html")
        .artifacts(archive("public"))
        .site("public");
    assertEquals("ended ", next.run());
    // Then
    assertEquals("three\n", page("index.html"));
    assertEquals("nothing", page("a/b.txt"));
  }

  @Test
  void aSiteOutlivesTheArtifactsThatItCameFromAndYieldsToLaterRunsAlone() throws Exception {
    job.script("mkdir public", "echo kept > public/index.html")
        .artifacts(archive("public"))
        .site("public");
    assertEquals("ended ", job.run());
    Sites sites = jobs.house().files().sites();
    Sites.Site site = sites.find("team/shop").orElseThrow();
    jobs.house().ledger.write(tx -> tx.delete(JobFiles.KIND, job.jobId + "/artifacts"));
    jobs.house().files().drop(site.digest());
    assertEquals(List.of(), jobs.house().files().list(job.jobId));
    assertEquals("kept\n", page("index.html"));
    assertFalse(
        sites.publish(new Sites.Site("team/shop", "older", 1, "none", "public", site.at())));
    assertEquals(Optional.of(site), sites.find("team/shop"));
  }

  @Test
  void aJobWhoseArtifactsHoldNoSiteFails() throws Exception {
    job.script("mkdir site", "echo x > site/index.html").artifacts(archive("site")).site("public");
    assertEquals(
        "ended there is no site: the artifacts of this job hold no directory 'public'", job.run());
    assertEquals(1, jobs.house().files().list(job.jobId).size());
  }
}
