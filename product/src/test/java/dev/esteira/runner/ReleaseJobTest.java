package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What jobs release, in real sandboxes. */
@Tag("system")
@Timeout(60)
class ReleaseJobTest {
  private static TestingHouse house;

  private SandboxRunner runner;
  private TestingScript job;

  @BeforeAll
  static void openHouse() throws IOException {
    house = new TestingHouse();
    house.access.createProject("team/shop", Map.of());
  }

  @AfterAll
  static void closeHouse() throws IOException {
    house.close();
  }

  @BeforeEach
  void begin() {
    runner = house.runner();
    job = new TestingScript(house, runner);
  }

  @AfterEach
  void end() {
    job.close();
    runner.close();
  }

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
    try (TestingScript other = new TestingScript(house, runner)) {
      other.script("true").release("two words", "x");
      assertEquals("ended 'two words' is no name of a tag", other.run());
    }
  }
}
