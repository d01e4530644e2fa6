package dev.esteira.images;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Made images, kept outside of any home and shared by all of them.
 *
 * <pre>
 * CACHE/
 *   RECIPE.lock          held while one process makes the image
 *   RECIPE-HASH.tar      the root file system
 *   RECIPE-HASH.json     its digest and size; written last, so that a tar beside it is whole
 * </pre>
 */
final class ImageCache {
  private static final int KEPT_MAX = 3;
  private static final int BUFFER_BYTES = 1 << 20;

  private record Note(Digest layer, long bytes, Instant made) {}

  private final Path directory;
  private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  ImageCache(Path directory) {
    this.directory = directory;
  }

  Optional<MadeImage> find(Blueprint recipe, String hash) {
    return find(recipe, hash, Optional.empty());
  }

  /** One that stands on {@code ground}. */
  Optional<MadeImage> find(Blueprint recipe, String hash, Optional<MadeImage> ground) {
    Path tar = tar(recipe, hash);
    Path note = note(recipe, hash);
    try {
      if (!Files.exists(note) || !Files.exists(tar)) {
        return Optional.empty();
      }
      Note read = Json.read(Files.readString(note), Note.class);
      if (Files.size(tar) != read.bytes()) {
        return Optional.empty();
      }
      return Optional.of(
          new MadeImage(recipe, hash, tar, read.layer(), read.bytes(), read.made(), ground));
    } catch (IOException e) {
      throw EsteiraException.internal("could not read the image cache " + directory, e);
    }
  }

  /** Takes in what {@code maker} writes to the path it is given. */
  MadeImage keep(Blueprint recipe, String hash, Consumer<Path> maker) {
    return keep(recipe, hash, Optional.empty(), maker);
  }

  /** The same for one that stands on {@code ground}. */
  MadeImage keep(Blueprint recipe, String hash, Optional<MadeImage> ground, Consumer<Path> maker) {
    Path part = directory.resolve(recipe.slug() + "-" + hash + ".part");
    try {
      Files.deleteIfExists(part);
      maker.accept(part);
      FileTime made = Files.getLastModifiedTime(part);
      Note note = new Note(digest(part), Files.size(part), made.toInstant());
      Files.deleteIfExists(note(recipe, hash));
      Files.move(part, tar(recipe, hash), StandardCopyOption.ATOMIC_MOVE);
      Path noted = directory.resolve(recipe.slug() + "-" + hash + ".json.part");
      Files.writeString(noted, Json.write(note));
      Files.move(noted, note(recipe, hash), StandardCopyOption.ATOMIC_MOVE);
      dropOld(recipe);
      return find(recipe, hash, ground).orElseThrow();
    } catch (IOException e) {
      throw EsteiraException.internal("could not keep image " + recipe.name() + ": " + e, e);
    } finally {
      part.toFile().delete();
    }
  }

  private static Digest digest(Path tar) throws IOException {
    MessageDigest hash = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(tar)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    }
    return Digest.ofHash(hash.digest());
  }

  private void dropOld(Blueprint recipe) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> old =
          files
              .filter(file -> isTarOf(recipe, file.getFileName().toString()))
              .sorted(Comparator.comparing(ImageCache::modified).reversed())
              .skip(KEPT_MAX)
              .toList();
      for (Path tar : old) {
        String name = tar.getFileName().toString().replace(".tar", ".json");
        Files.deleteIfExists(directory.resolve(name));
        Files.deleteIfExists(tar);
      }
    }
  }

  private static boolean isTarOf(Blueprint recipe, String file) {
    return file.startsWith(recipe.slug() + "-") && file.endsWith(".tar");
  }

  private static Instant modified(Path file) {
    return Instant.ofEpochMilli(file.toFile().lastModified());
  }

  /**
   * Runs work while no other thread and no other process does it for this recipe. Waits as long as
   * they take, which their own limits bound.
   */
  <T> T alone(Blueprint recipe, Supplier<T> work) {
    ReentrantLock lock = locks.computeIfAbsent(recipe.slug(), slug -> new ReentrantLock());
    lock.lock();
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(recipe.slug() + ".lock");
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (!held.isValid()) {
          throw EsteiraException.internal("lost the lock " + file, null);
        }
        return work.get();
      }
    } catch (IOException e) {
      throw EsteiraException.internal("could not use the image cache " + directory, e);
    } finally {
      lock.unlock();
    }
  }

  private Path tar(Blueprint recipe, String hash) {
    return directory.resolve(recipe.slug() + "-" + hash + ".tar");
  }

  private Path note(Blueprint recipe, String hash) {
    return directory.resolve(recipe.slug() + "-" + hash + ".json");
  }
}
