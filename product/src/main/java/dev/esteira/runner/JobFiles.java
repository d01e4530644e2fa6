package dev.esteira.runner;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.blob.BlobStore;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What jobs leave behind: their artifacts as zips, and what their reports say. Durable; artifacts
 * go when their time is over. Thread-safe.
 */
public final class JobFiles {
  /** Key: job id, a slash, the artifact's name. */
  static final String KIND = "artifact";

  /** Key: job id. */
  static final String OUTCOME_KIND = "job-outcome";

  private final Ledger ledger;
  private final BlobStore blobs;
  private final InstantSource clock;

  /**
   * What is kept of an artifact: a zip under this digest.
   *
   * @param kind {@code archive}, or the kind of a report
   */
  public record Kept(
      String name,
      String digest,
      long bytes,
      int files,
      Optional<String> kind,
      Optional<Instant> expiresAt) {
    boolean isArchive() {
      return kind.orElse(ARCHIVE).equals(ARCHIVE);
    }

    static final String ARCHIVE = "archive";
  }

  public JobFiles(Ledger ledger, BlobStore blobs, InstantSource clock) {
    this.ledger = ledger;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** The artifacts of a job that are still there, archives and reports. */
  public List<Kept> list(String jobId) {
    return ledger.list(KIND, jobId + "/").stream()
        .map(JobFiles::read)
        .filter(kept -> !isExpired(kept))
        .toList();
  }

  public Optional<Kept> find(String jobId, String name) {
    return list(jobId).stream().filter(kept -> kept.name().equals(name)).findFirst();
  }

  /** The zip of an artifact; whoever opens it closes it. */
  public InputStream open(Kept kept) {
    return blobs.open(new Digest(kept.digest()), 0);
  }

  /** The sites that jobs have published. */
  public Sites sites() {
    return new Sites(ledger, this);
  }

  /** What the reports of a job say, once it has ended. */
  public Optional<Outcome> outcome(String jobId) {
    return ledger.get(OUTCOME_KIND, jobId).map(s -> Json.read(s.body(), Outcome.class));
  }

  void outcome(String jobId, Outcome outcome) {
    ledger.write(tx -> {
      tx.put(OUTCOME_KIND, jobId, Json.write(outcome));
      return 0;
    });
  }

  /** Keeps a zip; the file may go then. */
  Kept keep(String jobId, Kept described, Path zip) {
    Kept kept =
        new Kept(
            described.name(),
            put(zip).value(),
            described.bytes(),
            described.files(),
            described.kind(),
            described.expiresAt());
    ledger.write(tx -> {
      tx.put(KIND, jobId + "/" + kept.name(), Json.write(kept));
      return 0;
    });
    return kept;
  }

  /** Where the bytes of a zip may stand for a while when the store has them elsewhere. */
  Path spool(String name) {
    return Path.of(System.getProperty("java.io.tmpdir"), name);
  }

  Digest put(Path zip) {
    try (InputStream in = Files.newInputStream(zip)) {
      return blobs.put(in);
    } catch (IOException e) {
      throw new UncheckedIOException("could not keep " + zip, e);
    }
  }

  /** Works on the zip with this digest as a file. */
  <T> T with(String digest, Path spool, Function<Path, T> work) {
    Digest wanted = new Digest(digest);
    Optional<Path> there = blobs.file(wanted);
    if (there.isPresent()) {
      return work.apply(there.get());
    }
    try (InputStream in = blobs.open(wanted, 0)) {
      Files.copy(in, spool, StandardCopyOption.REPLACE_EXISTING);
      return work.apply(spool);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + digest, e);
    } finally {
      Directories.delete(spool);
    }
  }

  /** Forgets what is over, with its bytes. */
  void sweep() {
    for (Ledger.Stored stored : ledger.list(KIND, "")) {
      Kept kept = read(stored);
      if (isExpired(kept)) {
        ledger.write(tx -> tx.delete(KIND, stored.key()));
        drop(kept.digest());
      }
    }
  }

  /** Deletes bytes that no artifact and no cache has any more. */
  void drop(String digest) {
    boolean used =
        ledger.list(KIND, "").stream().anyMatch(s -> read(s).digest().equals(digest))
            || sites().shows(digest)
            || ledger.list(Caches.KIND, "").stream().anyMatch(s -> s.body().contains(digest));
    if (!used) {
      try {
        blobs.delete(new Digest(digest));
      } catch (EsteiraException e) {
        // A reader has it open, or it is gone: it costs room, nothing else.
        return;
      }
    }
  }

  private boolean isExpired(Kept kept) {
    return kept.expiresAt().filter(clock.instant()::isAfter).isPresent();
  }

  private static Kept read(Ledger.Stored stored) {
    return Json.read(stored.body(), Kept.class);
  }
}
