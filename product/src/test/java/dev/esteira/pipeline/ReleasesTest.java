package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What jobs and people release. */
class ReleasesTest extends RunsFixture {
  private Releases.Wanted wanted(String tag, String ref) {
    return new Releases.Wanted(
        "shop",
        tag,
        Optional.of("said of the tag"),
        Optional.of("Version " + tag),
        "notes",
        Optional.of(ref).filter(r -> !r.isEmpty()),
        "admin",
        Optional.empty(),
        List.of("m1"),
        List.of(new Releases.Link("zip", "https://example.com/a.zip", "package")));
  }

  @Test
  void aReleaseMakesItsTagWhichStartsARun() throws InterruptedException {
    // When
    Releases.Release made = runs.releases().create(wanted("v1", "main"));
    // Then
    assertEquals("c0ffee", made.commit());
    assertEquals("c0ffee", trees.refs.get("refs/tags/v1"));
    assertEquals("said of the tag", trees.messages.get("v1"));
    assertEquals(List.of(made), runs.releases().list("shop"));
    Runs.Run run = runs.runs("shop", 10).getFirst();
    assertEquals("refs/tags/v1", run.ref());
    finish(run.id() + "-1", 1, "");
    assertEquals("succeeded", ended(run.id()).state());
  }

  @Test
  void aTagThatIsThereIsReleasedAsItIsAndStartsNothing() {
    trees.refs.put("refs/tags/v1", "beef");
    assertEquals("beef", runs.releases().create(wanted("v1", "main")).commit());
    assertEquals(List.of(), runs.runs("shop", 10));
    assertEquals(Optional.empty(), Optional.ofNullable(trees.messages.get("v1")));
  }

  @Test
  void whatCannotBeReleasedIsRefusedAndLeavesNothing() {
    for (Releases.Wanted bad : List.of(wanted("no tag", "main"), wanted("v1", "nowhere"))) {
      assertThrows(EsteiraException.class, () -> runs.releases().create(bad));
    }
    assertEquals(List.of(), runs.releases().list("shop"));
    assertEquals(1, trees.refs.size());
    runs.releases().create(wanted("v1", ""));
    EsteiraException again =
        assertThrows(EsteiraException.class, () -> runs.releases().create(wanted("v1", "")));
    assertTrue(again.text().contains("released already"), again.text());
  }

  @Test
  void aJobThatTellsAgainAfterARestartReleasesOnce() throws InterruptedException {
    Runs.Run run = runs.start(REQUEST);
    String job = run.id() + "-1";
    until(() -> runner.called("start " + job + "/1"));
    runner.events().release(job, 1, wanted("v1", "c0ffee"));
    runner.events().release(job, 1, wanted("v1", "c0ffee"));
    assertEquals(Optional.of(job), runs.releases().find("shop", "v1").orElseThrow().madeBy());
    assertThrows(
        EsteiraException.class, () -> runner.events().release(job, 2, wanted("v1", "c0ffee")));
    assertEquals(2, runs.runs("shop", 10).size());
  }

  @Test
  void aCommitThatAsksForNoRunGetsNoneForItsTag() {
    trees.commitMessage = "Words [skip ci]";
    runs.releases().create(wanted("v1", "main"));
    assertEquals(List.of(), runs.runs("shop", 10));
    assertTrue(trees.refs.containsKey("refs/tags/v1"));
  }

  @Test
  void whatTheLastProcessLeftHalfMadeIsFinished() {
    // Given what is recorded before the tag is made
    runs.close();
    Releases.Release half =
        new Releases.Release(
            "shop",
            "v1",
            "One",
            "notes",
            "c0ffee",
            "admin",
            Instant.EPOCH,
            Instant.EPOCH,
            List.of(),
            List.of(),
            Optional.empty());
    ReleaseBook.Kept kept =
        new ReleaseBook.Kept(
            half, "", Optional.of(new ReleaseBook.NewTag(Optional.empty())), false);
    ledger.write(tx -> {
      tx.put(Kinds.RELEASE, "shop v1", Json.write(kept));
      return 0;
    });
    // When
    runs = open(RunLimits.DEFAULT);
    // Then
    until(() -> runs.releases().list("shop").equals(List.of(half)));
    until(() -> runs.runs("shop", 10).size() == 1);
    assertEquals("c0ffee", trees.refs.get("refs/tags/v1"));
  }
}
