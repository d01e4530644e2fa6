package dev.esteira.runner;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import dev.esteira.store.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The caches of a job: files of the workspace kept from job to job under a key of the project
 * (GitLab CI/CD YAML reference, cache). A cache only saves time: what goes wrong with it is said
 * and fails nothing.
 */
final class Caches {
  /** Key: project, a slash, the hash of the cache's key. */
  static final String KIND = "cache";

  private static final int PER_PROJECT_MAX = 50;
  private static final int KEY_FILE_BYTES_MAX = 16 << 20;
  private static final String NO_FILES = "default";

  private final Parts parts;
  private final JobRunner.Assignment assignment;
  private final Attempt attempt;
  private final Path workspace;
  private final Workplace workplace;

  /** What is kept under a key. */
  record Kept(String key, String digest, long bytes, int files, Instant at) {}

  Caches(Parts parts, JobRunner.Assignment assignment) {
    this.parts = parts;
    this.assignment = assignment;
    this.attempt = Attempt.of(assignment);
    this.workspace = attempt.workspace(parts.home());
    this.workplace = Workplace.of(assignment);
  }

  /** Brings back what is kept; remembers the keys, which the job's own work may change. */
  void restore(JobEnvironment variables) {
    List<Setting.Cache> all = planned().stream().map(c -> resolved(c, variables)).toList();
    if (all.isEmpty()) {
      return;
    }
    try {
      Files.writeString(notes(), Json.write(all));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + notes(), e);
    }
    all.forEach(c -> CachePlace.link(c, workplace, attempt.control(parts.home())));
    all.stream().filter(Setting.Cache::pull).forEach(this::pull);
  }

  private List<Setting.Cache> planned() {
    Plan.Job job = assignment.job();
    List<Setting.Cache> all = new ArrayList<>(job.setting().caches());
    List<String> inside =
        job.cachePaths().stream().filter(p -> CachePlace.isInside(p, workplace)).toList();
    if (!inside.isEmpty()) {
      all.add(buildspec("", inside));
    }
    job.cachePaths().stream()
        .filter(path -> !inside.contains(path))
        .forEach(path -> all.add(buildspec(" " + path, List.of(path))));
    return all;
  }

  private Setting.Cache buildspec(String name, List<String> paths) {
    return new Setting.Cache(
        "buildspec/" + assignment.job().name() + name,
        List.of(),
        paths,
        false,
        true,
        true,
        Plan.Keep.ON_SUCCESS,
        List.of());
  }

  private CachePlace place(Setting.Cache cache) {
    return CachePlace.of(cache, workplace, workspace, attempt.control(parts.home()));
  }

  private Setting.Cache resolved(Setting.Cache cache, JobEnvironment variables) {
    boolean script = Workplace.isScript(assignment.job());
    String key = script ? variables.expand(cache.key()) : cache.key();
    if (!cache.keyFiles().isEmpty()) {
      String hash = hash(cache.keyFiles().stream().map(variables::expand).toList());
      key = key.isEmpty() ? hash : key + "-" + hash;
    }
    return new Setting.Cache(
        key.isEmpty() ? NO_FILES : key,
        List.of(),
        script ? cache.paths().stream().map(variables::expand).toList() : cache.paths(),
        cache.untracked(),
        cache.pull(),
        cache.push(),
        cache.when(),
        cache.fallbackKeys().stream().map(variables::expand).toList());
  }

  private String hash(List<String> files) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ArtifactCollector collector = collector(workspace);
    Map<String, Path> found = collector.find(files, List.of(), _ -> false);
    found.forEach((name, file) -> {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        try (InputStream in =
            Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
          all.writeBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          all.writeBytes(in.readNBytes(KEY_FILE_BYTES_MAX));
        } catch (IOException e) {
          throw new UncheckedIOException("could not read " + file, e);
        }
      }
    });
    return found.isEmpty() ? NO_FILES : Digest.of(all.toByteArray()).hex().substring(0, 40);
  }

  private void pull(Setting.Cache cache) {
    List<String> keys =
        Stream.concat(Stream.of(cache.key()), cache.fallbackKeys().stream()).toList();
    for (String key : keys) {
      Optional<Kept> kept = find(key);
      if (kept.isPresent()) {
        say("Cache " + key + ": " + unpacked(kept.get(), place(cache).root()));
        return;
      }
    }
    say("Cache " + String.join(", ", keys) + ": nothing is kept under this key yet");
  }

  private String unpacked(Kept kept, Path root) {
    try {
      Path spool = attempt.directory(parts.home()).resolve("cache.zip");
      int files = parts.files().with(kept.digest(), spool, zip -> new ZipTree(root).unpack(zip));
      return files + " files restored";
    } catch (EsteiraException | UncheckedIOException e) {
      return "could not be restored: " + e.getMessage();
    }
  }

  private Optional<Kept> find(String key) {
    return parts.ledger().get(KIND, recordKey(key)).map(s -> Json.read(s.body(), Kept.class));
  }

  private String recordKey(String key) {
    return assignment.run().project()
        + "/"
        + Digest.of(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hex();
  }

  /** Keeps the files of a job that has ended and in whose sandbox nothing runs any more. */
  void save(boolean failed, Set<String> tracked) {
    if (!Files.exists(notes())) {
      return;
    }
    Setting.Cache[] all;
    try {
      all = Json.read(Files.readString(notes()), Setting.Cache[].class);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + notes(), e);
    }
    for (Setting.Cache cache : all) {
      if (cache.push() && ArtifactUpload.fits(cache.when(), failed)) {
        say("Cache " + cache.key() + ": " + packed(cache, tracked));
      }
    }
    trim();
  }

  private String packed(Setting.Cache cache, Set<String> tracked) {
    Path zip = attempt.directory(parts.home()).resolve("cache.zip");
    CachePlace place = place(cache);
    if (!place.isSound()) {
      return "the job has moved its directory away";
    }
    try {
      ArtifactCollector collector = collector(place.root());
      Map<String, Path> files =
          collector.find(
              place.patterns(), List.of(), name -> cache.untracked() && !tracked.contains(name));
      if (files.isEmpty()) {
        return "no files match " + String.join(", ", cache.paths());
      }
      long bytes = collector.pack(files, zip);
      Optional<Kept> before = find(cache.key());
      String digest = parts.files().put(zip).value();
      put(new Kept(cache.key(), digest, bytes, files.size(), parts.clock().instant()));
      before.map(Kept::digest).filter(d -> !d.equals(digest)).ifPresent(parts.files()::drop);
      return "%d files, %d bytes kept".formatted(files.size(), bytes);
    } catch (EsteiraException | UncheckedIOException e) {
      return "could not be kept: " + e.getMessage();
    } finally {
      Directories.delete(zip);
    }
  }

  private void put(Kept kept) {
    parts
        .ledger()
        .write(tx -> {
          tx.put(KIND, recordKey(kept.key()), Json.write(kept));
          return 0;
        });
  }

  /** A key that changes with every commit must not fill the disk. */
  private void trim() {
    List<Ledger.Stored> all = parts.ledger().list(KIND, assignment.run().project() + "/");
    all.stream()
        .sorted(Comparator.comparing((Ledger.Stored s) -> read(s).at()).reversed())
        .skip(PER_PROJECT_MAX)
        .forEach(old -> {
          parts.ledger().write(tx -> tx.delete(KIND, old.key()));
          parts.files().drop(read(old).digest());
        });
  }

  private static Kept read(Ledger.Stored stored) {
    return Json.read(stored.body(), Kept.class);
  }

  private ArtifactCollector collector(Path root) {
    return new ArtifactCollector(
        root, Workplace.of(assignment).path(), ArtifactCollector.Style.SCRIPT);
  }

  private Path notes() {
    return attempt.directory(parts.home()).resolve("caches.json");
  }

  private void say(String line) {
    attempt.control(parts.home()).say(List.of(line));
  }
}
