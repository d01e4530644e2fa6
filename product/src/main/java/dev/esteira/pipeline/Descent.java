package dev.esteira.pipeline;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.util.Optional;

/** How many runs may come of one: runs trigger runs, which trigger runs. */
final class Descent {
  /** Children of children of a commit's own run, as on GitLab. */
  private static final int CHILDREN_DEEP_MAX = 2;

  private static final int DEEP_MAX = 10;
  private static final int OF_ONE_MAX = 200;

  private Descent() {}

  /** Refuses another run below this one when there are too many. */
  static void check(Ledger.Transaction tx, String parentId, Runs.Request child) {
    boolean sameCommit = child.source().equals("parent_pipeline");
    int deep = 1;
    int children = sameCommit ? 1 : 0;
    RunRecord run = read(tx, parentId);
    while (run.parent().isPresent() && deep <= DEEP_MAX) {
      children += sameCommit && run.request().source().equals("parent_pipeline") ? 1 : 0;
      deep++;
      run = read(tx, run.parent().get().runId());
    }
    if (children > CHILDREN_DEEP_MAX || deep > DEEP_MAX) {
      throw EsteiraException.limit(
          "could not trigger a run, because child runs go at most %d deep, and triggered ones %d"
              .formatted(CHILDREN_DEEP_MAX, DEEP_MAX));
    }
    if (tx.next("run-descendants/" + run.id()) > OF_ONE_MAX) {
      throw EsteiraException.limit(
          "could not trigger a run, because %d have come of run %s already"
              .formatted(OF_ONE_MAX, run.id()));
    }
  }

  private static RunRecord read(Ledger.Transaction tx, String id) {
    Optional<Ledger.Stored> stored = tx.get(Kinds.RUN, id);
    return Json.read(stored.orElseThrow().body(), RunRecord.class);
  }
}
