package dev.esteira.pipeline;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The runs of a home, kept in the ledger. {@link #open} resumes whatever the last process left
 * unfinished: sandboxes that still run are adopted, errands that were recorded are done. Wire
 * everything, listeners included, before opening. Thread-safe.
 */
public final class DurableRuns implements Runs, AutoCloseable {
  private final List<Dialect> dialects;
  private final Trees trees;
  private final RunBook book;
  private final Hands hands;
  private final Bell bell = new Bell();

  /** Finds the files of a commit. */
  @FunctionalInterface
  public interface Trees {
    Dialect.Tree of(String project, String commit);
  }

  public DurableRuns(
      Ledger ledger,
      List<Dialect> dialects,
      Trees trees,
      JobRunner runner,
      InstantSource clock,
      RunLimits limits) {
    this.dialects = List.copyOf(dialects);
    this.trees = trees;
    this.book = new RunBook(ledger, limits, clock);
    this.hands = new Hands(book, runner, bell);
  }

  /** Resumes and begins to work. */
  public void open() {
    hands.open();
  }

  @Override
  public Run start(Request request) {
    String id = book.begin(request, plan(request));
    bell.ring();
    return book.view(id).orElseThrow();
  }

  private RunBook.Outcome plan(Request request) {
    try {
      Dialect.Tree tree = trees.of(request.project(), request.commit());
      for (Dialect dialect : dialects) {
        Optional<Plan> plan = dialect.plan(tree, request);
        if (plan.isPresent()) {
          return new RunBook.Outcome(plan, "");
        }
      }
      return new RunBook.Outcome(
          Optional.empty(),
          "commit "
              + request.commit()
              + " has no delivery file, such as buildspec.yml at its root");
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.INVALID || e.code() == ErrorCode.LIMIT) {
        return new RunBook.Outcome(Optional.empty(), e.text());
      }
      throw e;
    }
  }

  @Override
  public Optional<Run> run(String id) {
    return book.view(id);
  }

  @Override
  public List<Run> runs(String project, int limit) {
    return book.views(project, limit);
  }

  @Override
  public void cancel(String id) {
    book.run(id, new RunEvent.CancelAsked());
    bell.ring();
  }

  @Override
  public Run await(String id, String knownState, long waitMillis) throws InterruptedException {
    long end = System.nanoTime() + waitMillis * 1_000_000;
    while (true) {
      long heard = bell.count();
      Run run =
          book.view(id)
              .orElseThrow(() -> EsteiraException.notFound("there is no run '" + id + "'"));
      long left = (end - System.nanoTime()) / 1_000_000;
      if (!run.state().equals(knownState) || left <= 0) {
        return run;
      }
      bell.await(heard, left);
    }
  }

  @Override
  public void onJobEnd(JobEndListener listener) {
    hands.onJobEnd(listener);
  }

  /** Stops working; sandboxes go on by themselves. */
  @Override
  public void close() {
    hands.close();
  }
}
