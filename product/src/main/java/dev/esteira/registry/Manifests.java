package dev.esteira.registry;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps, gives and deletes manifests, and tells the listeners when a tag has moved. */
final class Manifests {
  private static final Logger LOG = System.getLogger(Manifests.class.getName());

  private final Catalog catalog;
  private final OwnBlobs blobs;
  private final InstantSource clock;
  private final ManifestCache cache = new ManifestCache();
  private final List<Registry.TagListener> listeners = new CopyOnWriteArrayList<>();

  Manifests(Catalog catalog, OwnBlobs blobs, InstantSource clock) {
    this.catalog = catalog;
    this.blobs = blobs;
    this.clock = clock;
  }

  void listen(Registry.TagListener listener) {
    listeners.add(listener);
  }

  void create(String name) {
    catalog.alone(() -> {
      if (catalog.repository(name).isPresent()) {
        throw EsteiraException.conflict("repository '" + name + "' exists already");
      }
      catalog.create(name, clock.instant());
      return name;
    });
  }

  void immutableTags(String name, boolean immutable) {
    catalog.alone(() -> {
      if (catalog.repository(name).isEmpty()) {
        throw EsteiraException.notFound("there is no repository '" + name + "'");
      }
      catalog.immutableTags(name, immutable);
      return name;
    });
  }

  /** Where a tag or digest leads in the repository. */
  Optional<Catalog.Kept> find(String name, String reference) {
    if (ImageNames.isDigest(reference)) {
      return catalog.manifest(name, ImageNames.digest(reference));
    }
    return catalog.tag(name, reference).flatMap(tag -> catalog.manifest(name, tag.digest()));
  }

  Optional<Registry.Manifest> get(String name, String reference) {
    return find(name, reference)
        .map(kept ->
            new Registry.Manifest(
                name,
                kept.digest(),
                kept.document().mediaType(),
                bytes(kept.digest()),
                kept.pushedAt()));
  }

  byte[] bytes(Digest digest) {
    return cache
        .get(digest)
        .orElseGet(() -> {
          try (InputStream in = blobs.open(digest, 0)) {
            byte[] bytes = in.readAllBytes();
            cache.put(digest, bytes);
            return bytes;
          } catch (IOException e) {
            throw new UncheckedIOException("could not read manifest " + digest, e);
          }
        });
  }

  /**
   * The blob check and the record are one step under the writing lock, so that no sweep comes
   * between; and listeners are called under it too, so that they hear of moves in their order.
   */
  Digest put(
      String name, Optional<String> tag, ManifestDocument document, byte[] bytes, String by) {
    Digest digest = Digest.of(bytes);
    // Even one that is known already: its last tag may be deleted and its bytes swept meanwhile.
    blobs.putManifest(digest, new ByteArrayInputStream(bytes));
    cache.put(digest, bytes);
    catalog.alone(() -> {
      requireParts(name, document);
      record(name, tag, new Catalog.Kept(digest, document, bytes.length, clock.instant()), by);
      return digest;
    });
    return digest;
  }

  private void requireParts(String name, ManifestDocument document) {
    for (Digest blob : document.blobs()) {
      if (!blobs.has(blob)) {
        throw new RegistryError(
            RegistryError.Code.MANIFEST_BLOB_UNKNOWN,
            "the manifest needs blob " + blob + ", which was not pushed");
      }
    }
    for (Digest manifest : document.manifests()) {
      if (catalog.manifest(name, manifest).isEmpty()) {
        throw new RegistryError(
            RegistryError.Code.MANIFEST_BLOB_UNKNOWN,
            "the index needs manifest " + manifest + ", which was not pushed to '" + name + "'");
      }
    }
  }

  private void record(String name, Optional<String> tag, Catalog.Kept kept, String by) {
    Optional<Digest> before = tag.flatMap(t -> catalog.tag(name, t)).map(Catalog.Tag::digest);
    boolean moves = tag.isPresent() && !before.equals(Optional.of(kept.digest()));
    boolean immutable =
        catalog.repository(name).map(Registry.Repository::immutableTags).orElse(false);
    if (moves && before.isPresent() && immutable) {
      throw new RegistryError(
          RegistryError.Code.TAG_INVALID,
          ("The image tag '%s' already exists in the '%s' repository and cannot be overwritten"
                  + " because the repository is immutable.")
              .formatted(tag.get(), name));
    }
    Optional<Map.Entry<String, Catalog.Tag>> move =
        tag.filter(t -> moves)
            .map(t -> Map.entry(t, new Catalog.Tag(kept.digest(), clock.instant(), by)));
    if (move.isEmpty() && catalog.manifest(name, kept.digest()).isPresent()) {
      return;
    }
    catalog.keep(name, kept, move);
    blobs.adopted(kept.digest());
    move.ifPresent(m -> tell(new Registry.TagMoved(name, m.getKey(), kept.digest(), by)));
  }

  /** A listener's failure is its own: the tag has moved already. */
  private void tell(Registry.TagMoved event) {
    for (Registry.TagListener listener : listeners) {
      try {
        listener.moved(event);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a listener failed on " + event, e);
      }
    }
  }

  boolean delete(String name, String reference) {
    boolean deleted =
        catalog.alone(() ->
            ImageNames.isDigest(reference)
                ? catalog.deleteManifest(name, ImageNames.digest(reference))
                : catalog.deleteTag(name, reference));
    if (deleted) {
      blobs.sweepSoon();
    }
    return deleted;
  }
}
