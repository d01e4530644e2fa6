package dev.esteira.registry;

import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What the registry knows of repositories, manifests and tags: in memory for readers, in the ledger
 * for good. Writers take {@link #alone}, write the ledger first and the memory after it; readers
 * take no lock and see what is durable.
 *
 * <p>Ledger kinds: {@code registry.repository} by name, {@code registry.manifest} by {@code
 * name@hex}, {@code registry.tag} by {@code name:tag}.
 */
final class Catalog {
  static final String REPOSITORIES = "registry.repository";
  static final String MANIFESTS = "registry.manifest";
  static final String TAGS = "registry.tag";

  /** A kept manifest; its bytes are a blob. */
  record Kept(Digest digest, ManifestDocument document, long bytes, Instant pushedAt) {}

  /** Where a tag points, since when, and who moved it there. */
  record Tag(Digest digest, Instant movedAt, String by) {}

  private record Made(Instant createdAt, boolean immutableTags) {}

  private static final class Shelf {
    volatile Made made;
    final ConcurrentSkipListMap<String, Tag> tags = new ConcurrentSkipListMap<>();
    final ConcurrentHashMap<Digest, Kept> manifests = new ConcurrentHashMap<>();

    Shelf(Made made) {
      this.made = made;
    }

    Registry.Repository shown(String name) {
      return new Registry.Repository(name, made.createdAt(), made.immutableTags());
    }
  }

  private final Ledger ledger;
  private final ReentrantLock writing = new ReentrantLock();
  private final ConcurrentSkipListMap<String, Shelf> shelves = new ConcurrentSkipListMap<>();

  Catalog(Ledger ledger) {
    this.ledger = ledger;
    for (Ledger.Stored stored : ledger.list(REPOSITORIES, "")) {
      shelves.put(stored.key(), new Shelf(Json.read(stored.body(), Made.class)));
    }
    for (Ledger.Stored stored : ledger.list(MANIFESTS, "")) {
      Kept kept = Json.read(stored.body(), Kept.class);
      shelf(stored.key(), '@').manifests.put(kept.digest(), kept);
    }
    for (Ledger.Stored stored : ledger.list(TAGS, "")) {
      String tag = stored.key().substring(stored.key().indexOf(':') + 1);
      shelf(stored.key(), ':').tags.put(tag, Json.read(stored.body(), Tag.class));
    }
  }

  private Shelf shelf(String key, char end) {
    String name = key.substring(0, key.indexOf(end));
    return shelves.computeIfAbsent(name, missing -> new Shelf(new Made(Instant.EPOCH, false)));
  }

  /** Runs work alone among writers; may be nested. */
  <T> T alone(Supplier<T> work) {
    writing.lock();
    try {
      return work.get();
    } finally {
      writing.unlock();
    }
  }

  List<Registry.Repository> repositories() {
    List<Registry.Repository> all = new ArrayList<>();
    shelves.forEach((name, shelf) -> all.add(shelf.shown(name)));
    return all;
  }

  Optional<Registry.Repository> repository(String name) {
    return Optional.ofNullable(shelves.get(name)).map(shelf -> shelf.shown(name));
  }

  /** The names after {@code last}, in order. */
  List<String> names(String last) {
    return List.copyOf(shelves.tailMap(last, false).keySet());
  }

  /** Tags in order; empty when the repository is unknown. */
  Optional<SortedMap<String, Tag>> tags(String name) {
    return Optional.ofNullable(shelves.get(name)).map(shelf -> shelf.tags);
  }

  List<Kept> manifests(String name) {
    Shelf shelf = shelves.get(name);
    return shelf == null ? List.of() : List.copyOf(shelf.manifests.values());
  }

  Optional<Tag> tag(String name, String tag) {
    return Optional.ofNullable(shelves.get(name)).map(shelf -> shelf.tags.get(tag));
  }

  Optional<Kept> manifest(String name, Digest digest) {
    return Optional.ofNullable(shelves.get(name)).map(shelf -> shelf.manifests.get(digest));
  }

  /** Every digest that some manifest needs, the manifests' own included. */
  Set<Digest> referenced() {
    Set<Digest> all = new HashSet<>();
    for (Shelf shelf : shelves.values()) {
      for (Kept kept : shelf.manifests.values()) {
        all.add(kept.digest());
        all.addAll(kept.document().blobs());
      }
    }
    return all;
  }

  void create(String name, Instant now) {
    Made made = new Made(now, false);
    ledger.write(tx -> put(tx, REPOSITORIES, name, made));
    shelves.put(name, new Shelf(made));
  }

  /** Of a repository that exists. */
  void immutableTags(String name, boolean immutable) {
    Shelf shelf = Objects.requireNonNull(shelves.get(name));
    Made made = new Made(shelf.made.createdAt(), immutable);
    ledger.write(tx -> put(tx, REPOSITORIES, name, made));
    shelf.made = made;
  }

  /** Keeps a manifest and perhaps points a tag at it, in one durable step. */
  void keep(String name, Kept kept, Optional<Map.Entry<String, Tag>> tag) {
    Made made = new Made(kept.pushedAt(), false);
    boolean fresh = !shelves.containsKey(name);
    boolean known = manifest(name, kept.digest()).isPresent();
    ledger.write(tx -> {
      if (fresh) {
        put(tx, REPOSITORIES, name, made);
      }
      if (!known) {
        put(tx, MANIFESTS, name + "@" + kept.digest().hex(), kept);
      }
      tag.ifPresent(t -> put(tx, TAGS, name + ":" + t.getKey(), t.getValue()));
      return name;
    });
    Shelf shelf = shelves.computeIfAbsent(name, missing -> new Shelf(made));
    shelf.manifests.putIfAbsent(kept.digest(), kept);
    tag.ifPresent(t -> shelf.tags.put(t.getKey(), t.getValue()));
  }

  boolean deleteTag(String name, String tag) {
    if (tag(name, tag).isEmpty()) {
      return false;
    }
    ledger.write(tx -> tx.delete(TAGS, name + ":" + tag));
    tags(name).ifPresent(tags -> tags.remove(tag));
    return true;
  }

  /** Deletes a manifest and the tags that point at it. */
  boolean deleteManifest(String name, Digest digest) {
    Shelf shelf = shelves.get(name);
    if (shelf == null || !shelf.manifests.containsKey(digest)) {
      return false;
    }
    List<String> tags = new ArrayList<>();
    shelf.tags.forEach((tag, to) -> {
      if (to.digest().equals(digest)) {
        tags.add(tag);
      }
    });
    ledger.write(tx -> {
      tags.forEach(tag -> tx.delete(TAGS, name + ":" + tag));
      return tx.delete(MANIFESTS, name + "@" + digest.hex());
    });
    tags.forEach(shelf.tags::remove);
    shelf.manifests.remove(digest);
    return true;
  }

  boolean deleteRepository(String name) {
    Shelf shelf = shelves.get(name);
    if (shelf == null) {
      return false;
    }
    ledger.write(tx -> {
      shelf.tags.keySet().forEach(tag -> tx.delete(TAGS, name + ":" + tag));
      shelf.manifests.keySet().forEach(d -> tx.delete(MANIFESTS, name + "@" + d.hex()));
      return tx.delete(REPOSITORIES, name);
    });
    shelves.remove(name);
    return true;
  }

  private static String put(Ledger.Transaction tx, String kind, String key, Object body) {
    tx.put(kind, key, Json.write(body));
    return key;
  }
}
