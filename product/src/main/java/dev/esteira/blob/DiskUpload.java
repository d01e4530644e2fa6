package dev.esteira.blob;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One upload: a file and the running hash of its bytes. The hash lives in memory; after a restart
 * it is computed again from the file.
 */
final class DiskUpload implements BlobStore.Upload {
  private static final int BUFFER_BYTES = 256 << 10;

  private final DiskBlobStore store;
  private final String id;
  private final Path file;
  private final MessageDigest hash = Digest.sha256();
  private final ReentrantLock lock = new ReentrantLock();
  private long size;

  private DiskUpload(DiskBlobStore store, String id) {
    this.store = store;
    this.id = id;
    this.file = store.uploadFile(id);
  }

  static DiskUpload create(DiskBlobStore store, String id) {
    DiskUpload upload = new DiskUpload(store, id);
    try {
      Files.createFile(upload.file);
    } catch (IOException e) {
      throw DiskFailure.of("could not begin an upload", store.root(), e);
    }
    return upload;
  }

  static DiskUpload reopen(DiskBlobStore store, String id) {
    DiskUpload upload = new DiskUpload(store, id);
    try (InputStream in = Files.newInputStream(upload.file)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        upload.hash.update(buffer, 0, n);
        upload.size += n;
      }
    } catch (IOException e) {
      throw DiskFailure.of("could not read upload " + id + " again", store.root(), e);
    }
    return upload;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public long size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A sender that breaks off leaves what came: it may go on later. A disk that is full ends the
   * upload, because half a blob would only keep it full.
   */
  @Override
  public long append(InputStream in) {
    lock.lock();
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.position(size);
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = receive(in, buffer); n >= 0; n = receive(in, buffer)) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        hash.update(buffer, 0, n);
        size += n;
      }
      return size;
    } catch (NoSuchFileException e) {
      throw EsteiraException.notFound("upload " + id + " has ended already");
    } catch (IOException e) {
      EsteiraException failure =
          DiskFailure.of("tried to keep byte " + size + " of a blob", store.root(), e);
      abort();
      throw failure;
    } finally {
      lock.unlock();
    }
  }

  private int receive(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw EsteiraException.unavailable(
          "the sender of a blob broke off after byte " + size + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void commit(Digest expected) {
    finish(Optional.of(expected));
  }

  Digest finish(Optional<Digest> expected) {
    lock.lock();
    try {
      Digest digest = Digest.ofHash(((MessageDigest) hash.clone()).digest());
      if (expected.isPresent() && !expected.get().equals(digest)) {
        throw EsteiraException.invalid(
            "the " + size + " bytes received have digest " + digest + ", not " + expected.get());
      }
      keep(digest);
      return digest;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java cannot copy a SHA-256 in progress", e);
    } catch (IOException e) {
      throw DiskFailure.of("tried to keep a blob of " + size + " bytes", store.root(), e);
    } finally {
      abort();
      lock.unlock();
    }
  }

  private void keep(Digest digest) throws IOException {
    Path target = store.path(digest);
    if (Files.exists(target)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.size() != size) {
        throw new IOException("the upload's file changed size: " + channel.size());
      }
      channel.force(true);
    }
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    DiskBlobStore.sync(store.shard(digest));
  }

  /** Removes what is left of it; after a commit nothing is. */
  @Override
  public void abort() {
    lock.lock();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DiskFailure.of("could not remove upload " + id, store.root(), e);
    } finally {
      store.forget(id);
      lock.unlock();
    }
  }
}
