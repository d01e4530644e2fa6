package dev.esteira.registry;

import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.blob.BlobStore;
import dev.esteira.store.Ledger;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The blobs that came in through the registry, remembered as ledger kind {@code registry.blob}. The
 * store may hold others' bytes too; those are neither served nor swept here.
 *
 * <p>A blob may be swept when no manifest needs it and nobody has sent, mounted or asked for it
 * within {@link #GRACE}: a pusher that was told "it is here" has that long to send its manifest. A
 * touch and a sweep both take the catalog's writing lock, so that a blob told to be here stays.
 */
final class OwnBlobs {
  static final String BLOBS = "registry.blob";
  static final Duration GRACE = Duration.ofHours(1);
  private static final Duration SWEEP_PAUSE = Duration.ofMinutes(10);
  private static final int SWEPT_AT_ONCE_MAX = 100;

  private record Came(Instant at) {}

  private final BlobStore store;
  private final Ledger ledger;
  private final Catalog catalog;
  private final InstantSource clock;
  private final Instant started;
  private final ConcurrentHashMap<Digest, Instant> touched = new ConcurrentHashMap<>();
  private final Set<Digest> own = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Instant> swept;

  OwnBlobs(BlobStore store, Ledger ledger, Catalog catalog, InstantSource clock) {
    this.store = store;
    this.ledger = ledger;
    this.catalog = catalog;
    this.clock = clock;
    this.started = clock.instant();
    this.swept = new AtomicReference<>(started);
    for (Ledger.Stored stored : ledger.list(BLOBS, "")) {
      own.add(new Digest("sha256:" + stored.key()));
    }
  }

  boolean has(Digest digest) {
    return own.contains(digest) && store.has(digest);
  }

  /** The same for someone who is about to rely on it. */
  boolean hold(Digest digest) {
    touch(digest);
    return has(digest);
  }

  Optional<Long> size(Digest digest) {
    return own.contains(digest) ? store.size(digest) : Optional.empty();
  }

  InputStream open(Digest digest, long offset) {
    return store.open(digest, offset);
  }

  void put(Digest digest, InputStream in) {
    touch(digest);
    store.put(digest, in);
    adopt(digest);
  }

  /** Keeps a manifest's bytes; {@link Catalog#keep} records them together with the manifest. */
  void putManifest(Digest digest, InputStream in) {
    touch(digest);
    store.put(digest, in);
  }

  /** Takes note of a manifest that is recorded. */
  void adopted(Digest manifest) {
    own.add(manifest);
  }

  BlobStore.Upload begin() {
    sweepSometimes();
    return store.begin();
  }

  Optional<BlobStore.Upload> resume(String id) {
    return store.resume(id);
  }

  void commit(BlobStore.Upload upload, Digest digest) {
    touch(digest);
    upload.commit(digest);
    adopt(digest);
  }

  static void came(Ledger.Transaction tx, Digest digest, Instant at) {
    tx.put(BLOBS, digest.hex(), Json.write(new Came(at)));
  }

  private void touch(Digest digest) {
    catalog.alone(() -> touched.put(digest, clock.instant()));
  }

  private void adopt(Digest digest) {
    if (!own.contains(digest)) {
      ledger.write(tx -> {
        tx.put(BLOBS, digest.hex(), Json.write(new Came(clock.instant())));
        return digest;
      });
      own.add(digest);
    }
  }

  void sweepSoon() {
    Thread.ofVirtual().name("registry-sweep").start(() -> sweep(GRACE));
  }

  private void sweepSometimes() {
    Instant last = swept.get();
    Instant now = clock.instant();
    if (now.isAfter(last.plus(SWEEP_PAUSE)) && swept.compareAndSet(last, now)) {
      sweepSoon();
    }
  }

  /** Deletes what nothing needs and nobody touched within {@code grace}; returns how many. */
  int sweep(Duration grace) {
    int all = 0;
    int some;
    do {
      some = catalog.alone(() -> sweepSome(grace));
      all += some;
    } while (some == SWEPT_AT_ONCE_MAX);
    return all;
  }

  private int sweepSome(Duration grace) {
    Instant oldest = clock.instant().minus(grace);
    Set<Digest> needed = catalog.referenced();
    List<Digest> gone = new ArrayList<>();
    for (Digest digest : own) {
      if (gone.size() < SWEPT_AT_ONCE_MAX
          && !needed.contains(digest)
          && !touched.getOrDefault(digest, started).isAfter(oldest)) {
        gone.add(digest);
      }
    }
    for (Digest digest : gone) {
      own.remove(digest);
      touched.remove(digest);
      store.delete(digest);
    }
    touched.values().removeIf(at -> at.isBefore(oldest));
    forget(gone);
    return gone.size();
  }

  /** Deletes one blob at once, unless a manifest needs it. */
  boolean delete(Digest digest) {
    return catalog.alone(() -> {
      if (catalog.referenced().contains(digest)) {
        throw new RegistryError(
            RegistryError.Code.UNSUPPORTED, "blob " + digest + " is part of an image");
      }
      boolean there = own.remove(digest) && store.delete(digest);
      forget(List.of(digest));
      return there;
    });
  }

  private void forget(List<Digest> gone) {
    if (!gone.isEmpty()) {
      ledger.write(tx -> {
        gone.forEach(digest -> tx.delete(BLOBS, digest.hex()));
        return gone;
      });
    }
  }
}
