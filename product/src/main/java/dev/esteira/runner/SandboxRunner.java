package dev.esteira.runner;

import dev.esteira.base.Ids;
import dev.esteira.pipeline.JobRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs each attempt of a job in one long-lived container of its own. What the job does is written
 * to files by a supervisor inside, which needs nobody; this class reads along and tells. When it is
 * closed, or the process dies, sandboxes go on; the next {@link #start} of the same attempt adopts
 * its sandbox. Thread-safe.
 */
public final class SandboxRunner implements JobRunner, AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 10;
  private static final int SPOOL_CHARACTERS = 10;

  private final Parts parts;
  private final RunnerSettings settings;
  private final WarmPool pool;
  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public SandboxRunner(Parts parts, RunnerSettings settings) {
    this.parts = parts;
    this.settings = settings;
    this.pool = new WarmPool(parts, settings);
    parts.proxy().onPublish(this::published);
  }

  /** Begins to keep sandboxes ready for jobs to come. */
  @Override
  public void open() {
    if (settings.warmMax() > 0) {
      threads.execute(pool::tend);
    }
  }

  private void published(String owner, List<Integer> ports) {
    sandboxes.values().stream()
        .filter(sandbox -> sandbox.isOf(owner))
        .forEach(sandbox -> sandbox.published(ports));
  }

  /** How many sandboxes wait for a job. */
  int warm() {
    return pool.size();
  }

  @Override
  public void start(Assignment assignment, Events events) {
    if (threads.isShutdown()) {
      // The next process starts what is recorded as open.
      return;
    }
    Attempt attempt = Attempt.of(assignment);
    sandboxes.computeIfAbsent(
        attempt.key(),
        key -> {
          Sandbox sandbox = new Sandbox(parts, settings, pool, assignment, events, threads);
          sandbox.begin();
          return sandbox;
        });
  }

  @Override
  public void cancel(String jobId, int attempt) {
    Optional.ofNullable(sandboxes.get(new Attempt(jobId, attempt).key()))
        .ifPresent(Sandbox::cancel);
  }

  @Override
  public Optional<String> artifact(String jobId, String path) {
    for (JobFiles.Kept kept : parts.files().list(jobId)) {
      if (kept.isArchive()) {
        Path spool = parts.home().jobs().resolve("read-" + Ids.random(SPOOL_CHARACTERS) + ".zip");
        Optional<String> text =
            parts.files().with(kept.digest(), spool, zip -> ZipTree.text(zip, path));
        if (text.isPresent()) {
          return text;
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void cleanUp(String jobId, int attempt) {
    Attempt ended = new Attempt(jobId, attempt);
    Optional.ofNullable(sandboxes.get(ended.key())).ifPresent(Sandbox::close);
    SandboxRecord.find(parts.ledger(), ended).flatMap(SandboxRecord::warm).ifPresent(pool::dispose);
    parts.engine().removeContainer(ended.container(parts.home()));
    Services.remove(parts, ended);
    parts.proxy().close(ended.owner());
    parts.networks().removeBridge(ended.owner());
    parts.access().revoke(ended.principal(Optional.empty()));
    Directories.delete(ended.directory(parts.home()));
    parts.ledger().write(tx -> tx.delete(SandboxRecord.KIND, ended.key()));
    sandboxes.remove(ended.key());
  }

  /** Stops reading along; the sandboxes go on. */
  @Override
  public void close() {
    pool.close();
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
