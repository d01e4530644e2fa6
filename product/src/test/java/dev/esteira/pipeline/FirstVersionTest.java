package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.base.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the first version kept is still understood. */
class FirstVersionTest extends RunsFixture {
  @Test
  void recordsOfTheFirstVersionAreStillRead() {
    RunRecord run =
        Json.read(
            """
            {"id":"r","request":{"project":"p","commit":"c","ref":"refs/heads/main","actor":"a"},
             "number":3,"createdAt":"2026-01-01T00:00:00Z","state":{"is":"active","stage":0,
             "stageSizes":[1],"open":1,"cancelled":false,"stopping":false},"jobIds":["r-1"],
             "notices":[]}\
            """,
            RunRecord.class);
    JobRecord job =
        Json.read(
            """
            {"id":"r-1","runId":"r","stage":0,"stageName":"s","index":0,"name":"j",
             "timeoutSeconds":9,"state":{"is":"running","attempt":1,
             "since":"2026-01-01T00:00:00Z","steps":[]}}\
            """,
            JobRecord.class);
    assertEquals(Optional.empty(), run.parent());
    assertEquals("push", run.request().source());
    assertEquals(List.of(), run.state().marks());
    assertEquals(Optional.empty(), job.child());
    assertEquals(0, job.node());
    assertEquals(JobRecord.Traits.PLAIN, job.traits());
  }

  @Test
  void aRunThatTheFirstVersionLeftUnfinishedGoesOn() throws InterruptedException {
    // Given what that version kept of a run in its first stage
    runs.close();
    ledger.write(tx -> {
      tx.put(
          Kinds.RUN,
          "old",
          """
          {"id":"old","request":{"project":"shop","commit":"c","ref":"refs/heads/main",
           "actor":"a"},"number":1,"createdAt":"2026-01-01T00:00:00Z","state":{"is":"active",
           "stageSizes":[1,1],"stage":0,"open":1,"cancelled":false,"stopping":false},
           "jobIds":["old-1","old-2"],"notices":[]}\
          """);
      tx.put(Kinds.PLAN, "old", Json.write(TestingPlans.of(1, 1)));
      tx.put(Kinds.JOB, "old-1", oldJob(1, "{'is':'starting','attempt':1,'since':'NOW'}"));
      tx.put(Kinds.JOB, "old-2", oldJob(2, "{'is':'waiting'}"));
      String now = InstantSource.system().instant().toString();
      tx.put(Kinds.OPEN_RUN, "old", now);
      tx.put(Kinds.SLOT, "old-1", now);
      return 0;
    });
    // When
    runs = open(RunLimits.DEFAULT);
    // Then
    finish("old-1", 1, "");
    finish("old-2", 1, "");
    assertEquals("succeeded", ended("old").state());
  }

  private static String oldJob(int number, String state) {
    return """
    {'id':'old-NN','runId':'old','stage':SS,'stageName':'s','index':0,'name':'jobSS0',
     'timeoutSeconds':600,'state':STATE}\
    """
        .replace("NN", Integer.toString(number))
        .replace("SS", Integer.toString(number - 1))
        .replace("STATE", state)
        .replace("NOW", InstantSource.system().instant().toString())
        .replace("'", "\"");
  }
}
