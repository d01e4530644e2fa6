package dev.esteira.pipeline;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The releases as the ledger keeps them. What is to be made is recorded first, then the tag is
 * made, and the release is there in the transaction that begins the tag's run: so a process that
 * dies in between makes neither twice, and the next one goes on.
 *
 * <pre>
 *  asked for ---> being made ---> tag there ---> made, the run of a new tag begun
 * </pre>
 */
final class ReleaseBook implements Releases {
  private static final Logger LOG = Logger.getLogger(ReleaseBook.class.getName());
  private static final int OF_A_PROJECT_MAX = 1_000;
  private static final int LINKS_MAX = 100;
  private static final int TEXT_CHARACTERS_MAX = 1_000_000;
  private static final String TAGS = "refs/tags/";

  private final Ledger ledger;
  private final RunBook runs;
  private final Planner planner;
  private final InstantSource clock;
  private final Bell bell;
  private final ReentrantLock one = new ReentrantLock();

  /**
   * A release in the ledger.
   *
   * @param by the attempt that asked for it; empty when a person or a script did
   * @param newTag empty when the tag was there before
   */
  record Kept(Release release, String by, Optional<NewTag> newTag, boolean made) {}

  /** A tag that has to be made. */
  record NewTag(Optional<String> message) {}

  ReleaseBook(Ledger ledger, RunBook runs, Planner planner, InstantSource clock, Bell bell) {
    this.ledger = ledger;
    this.runs = runs;
    this.planner = planner;
    this.clock = clock;
    this.bell = bell;
  }

  @Override
  public Release create(Wanted wanted) {
    return create(wanted, "", Optional.empty());
  }

  /** For an attempt of a job. */
  Release create(Wanted wanted, String jobId, int attempt) {
    return create(wanted, jobId + "/" + attempt, Optional.of(jobId));
  }

  private Release create(Wanted wanted, String by, Optional<String> job) {
    one.lock();
    try {
      Optional<Kept> there = kept(wanted.project(), wanted.tag());
      Kept kept = there.orElseGet(() -> asked(wanted, by, job));
      make(kept);
      if (there.isPresent() && (by.isEmpty() || !kept.by().equals(by))) {
        throw EsteiraException.conflict(
            "could not release '%s' of %s, because it has been released already"
                .formatted(wanted.tag(), wanted.project()));
      }
      return kept.release();
    } finally {
      one.unlock();
    }
  }

  private Kept asked(Wanted wanted, String by, Optional<String> job) {
    check(wanted);
    Optional<String> tagged = planner.trees().commit(wanted.project(), TAGS + wanted.tag());
    Kept kept =
        new Kept(
            new Release(
                wanted.project(),
                wanted.tag(),
                wanted.name().filter(n -> !n.isBlank()).orElse(wanted.tag()),
                wanted.description(),
                tagged.orElseGet(() -> commit(wanted)),
                wanted.actor(),
                clock.instant(),
                wanted.releasedAt().orElseGet(clock::instant),
                wanted.milestones(),
                wanted.links(),
                job),
            by,
            tagged.isPresent() ? Optional.empty() : Optional.of(new NewTag(wanted.tagMessage())),
            false);
    ledger.write(tx -> {
      put(tx, kept);
      return 0;
    });
    return kept;
  }

  private void check(Wanted wanted) {
    if (!planner.trees().isTag(wanted.tag())) {
      throw EsteiraException.invalid(
          "could not release '%s' of %s, because that is no name of a tag"
              .formatted(wanted.tag(), wanted.project()));
    }
    if (wanted.links().size() > LINKS_MAX
        || wanted.description().length() > TEXT_CHARACTERS_MAX
        || ledger.list(Kinds.RELEASE, wanted.project() + " ").size() >= OF_A_PROJECT_MAX) {
      throw EsteiraException.limit(
          "a project has at most %d releases, each with %d links and %d characters of text"
              .formatted(OF_A_PROJECT_MAX, LINKS_MAX, TEXT_CHARACTERS_MAX));
    }
  }

  private String commit(Wanted wanted) {
    Optional<String> named =
        wanted
            .ref()
            .flatMap(ref -> planner.trees().commit(wanted.project(), ref))
            .or(() ->
                wanted.ref().isPresent()
                    ? Optional.empty()
                    : planner.tip(wanted.project(), Optional.empty()).map(DurableRuns.Tip::commit));
    return named.orElseThrow(() ->
        EsteiraException.invalid(
            "could not release '%s' of %s, because there is no such tag and nothing that '%s' means"
                .formatted(wanted.tag(), wanted.project(), wanted.ref().orElse(""))));
  }

  /** Goes on from wherever the last process stopped. */
  private void make(Kept kept) {
    if (kept.made()) {
      return;
    }
    Release release = kept.release();
    Kept made = new Kept(release, kept.by(), kept.newTag(), true);
    if (kept.newTag().isPresent()) {
      planner
          .trees()
          .tag(
              release.project(),
              release.tag(),
              release.commit(),
              kept.newTag().get().message(),
              release.actor());
      if (begun(release, made)) {
        bell.ring();
        return;
      }
    }
    ledger.write(tx -> {
      put(tx, made);
      return 0;
    });
  }

  /** Begins the run of a new tag; false when its file has none for it. */
  private boolean begun(Release release, Kept made) {
    Runs.Request request =
        new Runs.Request(
            release.project(),
            release.commit(),
            TAGS + release.tag(),
            release.actor(),
            "push",
            Optional.empty(),
            Map.of(),
            Map.of());
    if (planner.trees().of(release.project(), release.commit()).commit().asksForNoRun()) {
      return false;
    }
    Runs.Planned planned = planner.plan(request, true, Map.of());
    try {
      planned.plan().ifPresent(Planner::refuseEmpty);
      if (!planned.found()) {
        return false;
      }
      RunBook.Outcome outcome = new RunBook.Outcome(planned.plan(), planned.failure());
      runs.begin(request, outcome, (tx, _) -> put(tx, made));
      return true;
    } catch (EsteiraException e) {
      if (e.code() != ErrorCode.INVALID && e.code() != ErrorCode.LIMIT) {
        throw e;
      }
      return false;
    }
  }

  /** Finishes what the last process left. */
  void resume() {
    for (Ledger.Stored stored : ledger.list(Kinds.RELEASE, "")) {
      Kept kept = Json.read(stored.body(), Kept.class);
      one.lock();
      try {
        kept(kept.release().project(), kept.release().tag()).ifPresent(this::make);
      } catch (EsteiraException e) {
        LOG.log(Level.WARNING, "could not finish the release " + stored.key(), e);
      } finally {
        one.unlock();
      }
    }
  }

  private Optional<Kept> kept(String project, String tag) {
    return ledger
        .get(Kinds.RELEASE, Kinds.release(project, tag))
        .map(stored -> Json.read(stored.body(), Kept.class));
  }

  private static void put(Ledger.Transaction tx, Kept kept) {
    String key = Kinds.release(kept.release().project(), kept.release().tag());
    tx.put(Kinds.RELEASE, key, Json.write(kept));
  }

  @Override
  public List<Release> list(String project) {
    return ledger.list(Kinds.RELEASE, project + " ").stream()
        .map(stored -> Json.read(stored.body(), Kept.class))
        .filter(Kept::made)
        .map(Kept::release)
        .sorted(Comparator.comparing(Release::releasedAt).reversed())
        .toList();
  }

  @Override
  public Optional<Release> find(String project, String tag) {
    return kept(project, tag).filter(Kept::made).map(Kept::release);
  }
}
