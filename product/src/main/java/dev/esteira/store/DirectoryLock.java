package dev.esteira.store;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Lets one ledger alone use a directory; the kernel frees the lock of a process that died. */
final class DirectoryLock implements AutoCloseable {
  // The kernel's locks belong to a process: a second attempt within this one is told by this set,
  // because even opening and closing the file again would free the first one's lock.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  static DirectoryLock take(Path directory) {
    Path file = directory.resolve("lock");
    if (!HELD_HERE.add(directory)) {
      throw EsteiraException.conflict(
          "the ledger in " + directory + " is open already in this process");
    }
    @Nullable FileChannel locked = null;
    try {
      locked = lock(file);
      if (locked == null) {
        throw EsteiraException.conflict(
            "the ledger in %s is open in another process (%s)"
                .formatted(directory, Files.readString(file).strip()));
      }
      return new DirectoryLock(directory, locked);
    } catch (IOException e) {
      throw new UncheckedIOException("could not lock " + file, e);
    } finally {
      if (locked == null) {
        HELD_HERE.remove(directory);
      }
    }
  }

  private static @Nullable FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      return null;
    }
    String holder = "pid " + ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
    return channel;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not unlock " + directory, e);
    } finally {
      HELD_HERE.remove(directory);
    }
  }
}
