package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.TestingLedger;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Releases that jobs and scripts ask for while the process is killed around every write and around
 * the making of tags. {@code -Desteira.seed=N} plays one history again.
 */
class ReleasesSimulationTest {
  private static final long SEEDS = Long.getLong("esteira.seeds", 2_000);
  private static final int ASKED = 12;

  @Test
  void everyReleaseIsMadeOnceWithOneTagAndOneRun() {
    Long only = Long.getLong("esteira.seed");
    if (only != null) {
      play(only);
      return;
    }
    LongStream.range(0, SEEDS).parallel().forEach(ReleasesSimulationTest::play);
  }

  private static void play(long seed) {
    try {
      new History(seed).play();
    } catch (RuntimeException | AssertionError e) {
      fail("seed " + seed + " failed; play it again with -Desteira.seed=" + seed, e);
    }
  }

  /** One history by one seed. */
  private static final class History {
    private final Random random;
    private final boolean[] faults = {true};
    private final FaultyLedger ledger;
    private final TestingTrees tags = new TestingTrees();
    private final RunBook runs;
    private ReleaseBook book;
    private int ids;

    History(long seed) {
      random = new Random(seed);
      ledger = new FaultyLedger(new TestingLedger(), random, 6, faults);
      runs = new RunBook(ledger, RunLimits.DEFAULT, () -> Instant.EPOCH, () -> "run" + ++ids);
      book = process();
    }

    private ReleaseBook process() {
      Dialect dialect = (tree, request) -> Optional.of(TestingPlans.of(1));
      Planner planner = new Planner(List.of(dialect), new KilledAtTags());
      return new ReleaseBook(ledger, runs, planner, () -> Instant.EPOCH, new Bell());
    }

    void play() {
      tags.refs.put("refs/tags/v0", "c0ffee");
      Set<String> asked = new HashSet<>();
      for (int i = 0; i < ASKED; i++) {
        String tag = "v" + random.nextInt(5);
        asked.add(tag);
        // The same attempt asks until it is told, as a sandbox that is read again does.
        boolean job = random.nextBoolean();
        while (!asks(tag, job ? "job" + tag : "")) {
          book = process();
          if (random.nextBoolean()) {
            resume();
          }
        }
      }
      faults[0] = false;
      book.resume();
      check(asked);
    }

    /** Whether it was answered, in whatever way. */
    private boolean asks(String tag, String job) {
      try {
        Releases.Wanted wanted =
            new Releases.Wanted(
                "shop",
                tag,
                Optional.empty(),
                Optional.empty(),
                "notes",
                Optional.empty(),
                "me",
                Optional.empty(),
                List.of(),
                List.of());
        Releases.Release made = job.isEmpty() ? book.create(wanted) : book.create(wanted, job, 1);
        assertEquals(Optional.of(made), book.find("shop", tag));
      } catch (EsteiraException e) {
        assertTrue(e.text().contains("released already"), e.text());
      } catch (FaultyLedger.Killed e) {
        return false;
      }
      return true;
    }

    private void resume() {
      try {
        book.resume();
      } catch (FaultyLedger.Killed e) {
        book = process();
      }
    }

    private void check(Set<String> asked) {
      assertEquals(asked.size(), book.list("shop").size());
      for (String tag : asked) {
        long begun =
            runs.views("shop", 100).stream()
                .filter(r -> r.ref().equals("refs/tags/" + tag))
                .count();
        assertEquals("c0ffee", tags.refs.get("refs/tags/" + tag));
        assertEquals(tag.equals("v0") ? 0 : 1, begun, "runs of " + tag);
      }
    }

    /** Killed before or after a tag is made. */
    private final class KilledAtTags implements DurableRuns.Trees {
      @Override
      public Dialect.Tree of(String project, String commit) {
        return tags.of(project, commit);
      }

      @Override
      public Optional<DurableRuns.Tip> tip(String project, Optional<String> name) {
        return tags.tip(project, name);
      }

      @Override
      public Optional<String> commit(String project, String revision) {
        return tags.commit(project, revision);
      }

      @Override
      public void tag(
          String project, String name, String commit, Optional<String> message, String actor) {
        int fate = faults[0] ? random.nextInt(6) : 2;
        if (fate == 0) {
          throw new FaultyLedger.Killed();
        }
        tags.tag(project, name, commit, message, actor);
        if (fate == 1) {
          throw new FaultyLedger.Killed();
        }
      }
    }
  }
}
