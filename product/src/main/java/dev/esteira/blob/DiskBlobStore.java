package dev.esteira.blob;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Blobs as files of one directory tree.
 *
 * <pre>
 * ROOT/
 *   sha256/ab/ab12…   a whole blob; 256 directories by the first two digits, made at the start
 *   uploads/ID        bytes on their way in
 * </pre>
 *
 * <p>A blob is written under {@code uploads}, synced, and renamed into place; then the directory is
 * synced too. So a name under {@code sha256} always stands for whole, durable bytes. When the disk
 * is full, the upload ends with {@code LIMIT} and its bytes are removed. Uploads that nobody
 * touched for {@link #UPLOAD_IDLE_MAX} are removed when others begin.
 */
public final class DiskBlobStore implements BlobStore {
  static final Duration UPLOAD_IDLE_MAX = Duration.ofHours(24);
  private static final Duration PURGE_PAUSE = Duration.ofMinutes(10);
  private static final int UPLOADS_MAX = 10_000;
  private static final Pattern UPLOAD_ID = Pattern.compile("[0-9a-z]{24}");

  private final Path root;
  private final Path uploads;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, DiskUpload> open = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> purged = new AtomicReference<>(Instant.EPOCH);

  public DiskBlobStore(Path root, InstantSource clock) {
    this.root = root;
    this.clock = clock;
    this.uploads = root.resolve("uploads");
    try {
      Files.createDirectories(uploads);
      for (int shard = 0; shard < 256; shard++) {
        Files.createDirectories(root.resolve("sha256/" + String.format("%02x", shard)));
      }
      sync(root.resolve("sha256"));
    } catch (IOException e) {
      throw DiskFailure.of("could not make the blob directories of " + root, root, e);
    }
  }

  @Override
  public Digest put(InputStream in) {
    return putChecked(Optional.empty(), in);
  }

  @Override
  public void put(Digest expected, InputStream in) {
    putChecked(Optional.of(expected), in);
  }

  private Digest putChecked(Optional<Digest> expected, InputStream in) {
    DiskUpload upload = start();
    try {
      upload.append(in);
      return upload.finish(expected);
    } finally {
      upload.abort();
    }
  }

  @Override
  public boolean has(Digest digest) {
    return Files.exists(path(digest));
  }

  @Override
  public Optional<Long> size(Digest digest) {
    try {
      return Optional.of(Files.size(path(digest)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskFailure.of("could not read the size of " + digest, root, e);
    }
  }

  @Override
  public InputStream open(Digest digest, long offset) {
    try {
      FileChannel channel = FileChannel.open(path(digest), StandardOpenOption.READ);
      channel.position(offset);
      return Channels.newInputStream(channel);
    } catch (NoSuchFileException e) {
      throw EsteiraException.notFound("there is no blob " + digest);
    } catch (IOException e) {
      throw DiskFailure.of("could not open " + digest, root, e);
    }
  }

  @Override
  public Optional<Path> file(Digest digest) {
    return Optional.of(path(digest)).filter(Files::exists);
  }

  @Override
  public boolean delete(Digest digest) {
    try {
      return Files.deleteIfExists(path(digest));
    } catch (IOException e) {
      throw DiskFailure.of("could not delete " + digest, root, e);
    }
  }

  @Override
  public List<Digest> list() {
    try (Stream<Path> files = Files.walk(root.resolve("sha256"), 2)) {
      return files
          .map(file -> "sha256:" + file.getFileName())
          .filter(Digest::isDigest)
          .map(Digest::new)
          .toList();
    } catch (IOException e) {
      throw DiskFailure.of("could not list the blobs", root, e);
    }
  }

  @Override
  public Upload begin() {
    purgeIdleUploads();
    if (open.size() >= UPLOADS_MAX) {
      throw EsteiraException.limit("there are " + UPLOADS_MAX + " unfinished uploads already");
    }
    return start();
  }

  private DiskUpload start() {
    String id = Ids.random(24);
    DiskUpload upload = DiskUpload.create(this, id);
    open.put(id, upload);
    return upload;
  }

  @Override
  public Optional<Upload> resume(String id) {
    if (!UPLOAD_ID.matcher(id).matches()) {
      return Optional.empty();
    }
    DiskUpload known = open.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    if (!Files.exists(uploads.resolve(id))) {
      return Optional.empty();
    }
    return Optional.of(open.computeIfAbsent(id, missing -> DiskUpload.reopen(this, missing)));
  }

  /** Removes what was left behind; looked for at most every {@link #PURGE_PAUSE}. */
  private void purgeIdleUploads() {
    Instant now = clock.instant();
    Instant last = purged.get();
    if (now.isBefore(last.plus(PURGE_PAUSE)) || !purged.compareAndSet(last, now)) {
      return;
    }
    for (Path file : uploadFiles()) {
      if (touched(file).plus(UPLOAD_IDLE_MAX).isBefore(now)) {
        drop(file);
      }
    }
  }

  private void drop(Path file) {
    DiskUpload known = open.get(file.getFileName().toString());
    if (known != null) {
      known.abort();
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DiskFailure.of("could not remove the idle upload " + file.getFileName(), root, e);
    }
  }

  private List<Path> uploadFiles() {
    try (Stream<Path> files = Files.list(uploads)) {
      return new ArrayList<>(files.toList());
    } catch (IOException e) {
      throw DiskFailure.of("could not list the unfinished uploads", root, e);
    }
  }

  /** When bytes last came; a file that has just gone counts as touched now. */
  private Instant touched(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return clock.instant();
    }
  }

  Path root() {
    return root;
  }

  Path uploadFile(String id) {
    return uploads.resolve(id);
  }

  Path path(Digest digest) {
    return shard(digest).resolve(digest.hex());
  }

  /** The directory of the blob, which exists from the start. */
  Path shard(Digest digest) {
    return root.resolve("sha256/" + digest.hex().substring(0, 2));
  }

  void forget(String id) {
    open.remove(id);
  }

  /** Makes the names in a directory durable. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
