package dev.esteira.registry;

import dev.esteira.access.Access;
import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.blob.BlobStore;
import dev.esteira.http.Handler;
import dev.esteira.store.Ledger;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The registry over a blob store and the ledger.
 *
 * <p>Credentials: basic with any user name and a token of {@link Access} as the password, or the
 * bearer pass that {@code /token} gives for the same. The administrator and users may do all, jobs
 * may pull and push, pods may pull, strangers nothing.
 */
public final class OciRegistry implements Registry {
  private final Catalog catalog;
  private final OwnBlobs blobs;
  private final Manifests manifests;
  private final Handler handler;

  /**
   * {@code externalUrl} is where clients that send no host find the registry, such as {@code
   * http://10.77.0.1:5050}.
   */
  public OciRegistry(
      BlobStore store, Ledger ledger, Access access, InstantSource clock, String externalUrl) {
    this.catalog = new Catalog(ledger);
    this.blobs = new OwnBlobs(store, ledger, catalog, clock);
    this.manifests = new Manifests(catalog, blobs, clock);
    this.handler =
        new RegistryHandler(
            catalog, blobs, manifests, new RegistryAuth(access, clock, externalUrl));
  }

  @Override
  public Handler handler() {
    return handler;
  }

  @Override
  public List<Repository> repositories() {
    return catalog.repositories();
  }

  @Override
  public Optional<Repository> repository(String name) {
    return catalog.repository(name);
  }

  @Override
  public Repository createRepository(String name) {
    return house(() -> {
      manifests.create(ImageNames.name(name));
      return catalog.repository(name).orElseThrow();
    });
  }

  @Override
  public Repository immutableTags(String name, boolean immutable) {
    return house(() -> {
      manifests.immutableTags(name, immutable);
      return catalog.repository(name).orElseThrow();
    });
  }

  @Override
  public void deleteRepository(String name) {
    if (!catalog.alone(() -> catalog.deleteRepository(name))) {
      throw EsteiraException.notFound("there is no repository '" + name + "'");
    }
    blobs.sweepSoon();
  }

  @Override
  public List<Image> images(String repository) {
    var tags = catalog.tags(repository);
    if (tags.isEmpty()) {
      throw EsteiraException.notFound("there is no repository '" + repository + "'");
    }
    return catalog.manifests(repository).stream()
        .sorted(Comparator.comparing(Catalog.Kept::pushedAt))
        .map(kept ->
            new Image(
                repository,
                kept.digest(),
                tags.get().entrySet().stream()
                    .filter(tag -> tag.getValue().digest().equals(kept.digest()))
                    .map(tag -> tag.getKey())
                    .toList(),
                kept.document().imageBytes(),
                kept.pushedAt(),
                kept.document().mediaType()))
        .toList();
  }

  @Override
  public Optional<Manifest> manifest(String repository, String reference) {
    return house(() -> manifests.get(repository, reference));
  }

  @Override
  public Digest putManifest(
      String repository, Optional<String> tag, String mediaType, byte[] bytes, String by) {
    return house(() -> {
      ImageNames.name(repository);
      tag.ifPresent(ImageNames::tag);
      ManifestDocument document = ManifestDocument.parse(mediaType, bytes);
      return manifests.put(repository, tag, document, bytes, by);
    });
  }

  @Override
  public boolean deleteReference(String repository, String reference) {
    return house(() -> manifests.delete(repository, reference));
  }

  @Override
  public boolean hasBlob(Digest digest) {
    return blobs.hold(digest);
  }

  @Override
  public void putBlob(Digest digest, InputStream in) {
    blobs.put(digest, in);
  }

  @Override
  public InputStream openBlob(Digest digest) {
    if (!blobs.has(digest)) {
      throw EsteiraException.notFound("the registry has no blob " + digest);
    }
    return blobs.open(digest, 0);
  }

  @Override
  public void onTagMoved(TagListener listener) {
    manifests.listen(listener);
  }

  /**
   * Deletes the blobs that no image needs and that nobody has touched for an hour. Safe beside
   * uploads; the registry also does it by itself after deletions and among uploads. Returns how
   * many.
   */
  public int sweep() {
    return blobs.sweep(OwnBlobs.GRACE);
  }

  private static <T> T house(Supplier<T> work) {
    try {
      return work.get();
    } catch (RegistryError e) {
      throw e.toHouse();
    }
  }
}
