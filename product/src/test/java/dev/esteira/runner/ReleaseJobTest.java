package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What jobs release, in real sandboxes. */
@Tag("system")
@Timeout(300)
class ReleaseJobTest {
  @RegisterExtension static final TestingJobs jobs = new TestingJobs("team/shop");

  private final TestingScript job = jobs.script();

  private List<String> releases() {
    return job.events.told.stream().filter(told -> told.startsWith("release ")).toList();
  }

  @Test
  void aScriptThatSucceedsReleasesWithNotesFromAFile() throws Exception {
    job.variable("WHO", "ana")
        .script("mkdir docs", "echo 'news for all' > docs/notes.md")
        .release("v1-$WHO", "docs/notes.md");
    assertEquals("ended ", job.run());
    assertEquals(
        List.of(
            "release v1-ana (Version v1-ana) of c0ffee at 2026-03-01T08:00:00Z: news for all"
                + " https://example.com/ana.zip"),
        releases());
    job.says("Release Version v1-ana of tag v1-ana");
  }

  @Test
  void aLinkOutOfTheWorkspaceIsNoFileOfNotes() throws Exception {
    job.variable("WHO", "ana").script("ln -s /etc/hostname notes.md").release("v1", "notes.md");
    assertEquals("ended ", job.run());
    assertTrue(releases().getFirst().contains(": notes.md "), releases().toString());
  }

  @Test
  void aFailedScriptReleasesNothingAndABadTagFailsTheJob() throws Exception {
    job.script("false").release("v1", "x");
    assertEquals("ended exit code 1", job.run());
    assertEquals(List.of(), releases());
    TestingScript other = jobs.script();
    other.script("true").release("two words", "x");
    assertEquals("ended 'two words' is no name of a tag", other.run());
  }
}
