package dev.esteira.runner;

import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The sites that jobs have published, one for each project: a directory of a job's artifacts. A new
 * one takes the place of the old one at once, as a whole. Durable, and kept when the artifacts'
 * time is over. Thread-safe.
 */
public final class Sites {
  /** Key: project. */
  static final String KIND = "site";

  private static final int SPOOL_CHARACTERS = 10;

  private final Ledger ledger;
  private final JobFiles files;

  /**
   * What a project shows.
   *
   * @param runSerial of the run that published it
   * @param digest the zip that holds it
   * @param root the directory of the zip that is the site
   */
  public record Site(
      String project, String jobId, long runSerial, String digest, String root, Instant at) {}

  /** Takes in the bytes of a file. */
  @FunctionalInterface
  public interface Reader {
    void read(long bytes, InputStream in) throws IOException;
  }

  Sites(Ledger ledger, JobFiles files) {
    this.ledger = ledger;
    this.files = files;
  }

  public Optional<Site> find(String project) {
    return ledger.get(KIND, project).map(stored -> Json.read(stored.body(), Site.class));
  }

  /** Shows it from now on; false when a later run has published already. */
  boolean publish(Site site) {
    Optional<Site> before = find(site.project());
    boolean shown =
        ledger.write(tx -> {
          boolean late =
              tx.get(KIND, site.project())
                  .map(stored -> Json.read(stored.body(), Site.class))
                  .filter(there -> there.runSerial() > site.runSerial())
                  .isPresent();
          if (!late) {
            tx.put(KIND, site.project(), Json.write(site));
          }
          return !late;
        });
    before
        .map(Site::digest)
        .filter(digest -> shown && !digest.equals(site.digest()))
        .ifPresent(files::drop);
    return shown;
  }

  /** Whether some project shows these bytes. */
  boolean shows(String digest) {
    return ledger.list(KIND, "").stream()
        .anyMatch(stored -> Json.read(stored.body(), Site.class).digest().equals(digest));
  }

  /** Whether the site has a file at this path below its root. */
  public boolean has(Site site, String path) {
    return with(site, zip -> entry(zip, site, path).isPresent());
  }

  /** Hands the file over; false when there is none. */
  public boolean read(Site site, String path, Reader reader) {
    return with(
        site,
        zip -> {
          Optional<ZipArchiveEntry> entry = entry(zip, site, path);
          if (entry.isPresent()) {
            try (InputStream in = zip.getInputStream(entry.get())) {
              reader.read(entry.get().getSize(), in);
            }
          }
          return entry.isPresent();
        });
  }

  private interface Work {
    boolean on(ZipFile zip) throws IOException;
  }

  private boolean with(Site site, Work work) {
    Path spool = files.spool("site-" + Ids.random(SPOOL_CHARACTERS) + ".zip");
    return files.with(
        site.digest(),
        spool,
        path -> {
          try (ZipFile zip = ZipFile.builder().setPath(path).get()) {
            return work.on(zip);
          } catch (IOException e) {
            throw new UncheckedIOException("could not read the site of " + site.project(), e);
          }
        });
  }

  /** A link is no page. */
  private static Optional<ZipArchiveEntry> entry(ZipFile zip, Site site, String path) {
    return Optional.ofNullable(zip.getEntry(site.root() + "/" + path))
        .filter(entry -> !entry.isDirectory() && !entry.isUnixSymlink());
  }
}
