package dev.esteira.registry;

import dev.esteira.base.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of manifests asked for lately; a digest's bytes never change, so none is ever stale.
 */
final class ManifestCache {
  private static final long BYTES_MAX = 64L << 20;

  private final LinkedHashMap<Digest, byte[]> bytes = new LinkedHashMap<>(64, 0.75f, true);
  private final ReentrantLock lock = new ReentrantLock();
  private long size;

  Optional<byte[]> get(Digest digest) {
    lock.lock();
    try {
      return Optional.ofNullable(bytes.get(digest));
    } finally {
      lock.unlock();
    }
  }

  void put(Digest digest, byte[] manifest) {
    lock.lock();
    try {
      if (bytes.put(digest, manifest) == null) {
        size += manifest.length;
      }
      var oldest = bytes.entrySet().iterator();
      while (size > BYTES_MAX && oldest.hasNext()) {
        Map.Entry<Digest, byte[]> entry = oldest.next();
        size -= entry.getValue().length;
        oldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }
}
