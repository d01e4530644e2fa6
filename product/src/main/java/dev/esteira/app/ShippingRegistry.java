package dev.esteira.app;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.http.Handler;
import dev.esteira.images.BaseImages;
import dev.esteira.registry.Registry;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * The registry as builds and pods see it: an image that Esteira ships is made when it is first
 * asked for. Everything else is the registry's own.
 */
record ShippingRegistry(Registry registry, BaseImages images) implements Registry {
  private static final Logger LOG = Logger.getLogger(ShippingRegistry.class.getName());

  @Override
  public Optional<Manifest> manifest(String repository, String reference) {
    Optional<Manifest> found = registry.manifest(repository, reference);
    String name = repository + ":" + reference;
    if (found.isPresent() || Digest.isDigest(reference) || !images.ships(name)) {
      return found;
    }
    images.ensure(name, said());
    return registry.manifest(repository, reference);
  }

  /** Makes all shipped images ready beside other work, so that the first job need not wait. */
  void prepare() {
    Thread.ofVirtual().name("base-images").start(this::prepareAll);
  }

  private void prepareAll() {
    long ready = images.recipes().stream().filter(recipe -> isMadeReady(recipe.name())).count();
    LOG.info("base images ready: " + ready + " of " + images.recipes().size());
  }

  private boolean isMadeReady(String name) {
    try {
      images.ensure(name, said());
      return true;
    } catch (EsteiraException e) {
      LOG.warning(
          "could not make " + name + " ready; whoever asks for it tries again: " + e.text());
      return false;
    }
  }

  private static Consumer<String> said() {
    return LOG::info;
  }

  @Override
  public Handler handler() {
    return registry.handler();
  }

  @Override
  public List<Repository> repositories() {
    return registry.repositories();
  }

  @Override
  public Optional<Repository> repository(String name) {
    return registry.repository(name);
  }

  @Override
  public Repository createRepository(String name) {
    return registry.createRepository(name);
  }

  @Override
  public Repository immutableTags(String name, boolean immutable) {
    return registry.immutableTags(name, immutable);
  }

  @Override
  public void deleteRepository(String name) {
    registry.deleteRepository(name);
  }

  @Override
  public List<Image> images(String repository) {
    return registry.images(repository);
  }

  @Override
  public Digest putManifest(
      String repository, Optional<String> tag, String mediaType, byte[] bytes, String by) {
    return registry.putManifest(repository, tag, mediaType, bytes, by);
  }

  @Override
  public boolean deleteReference(String repository, String reference) {
    return registry.deleteReference(repository, reference);
  }

  @Override
  public boolean hasBlob(Digest digest) {
    return registry.hasBlob(digest);
  }

  @Override
  public void putBlob(Digest digest, InputStream in) {
    registry.putBlob(digest, in);
  }

  @Override
  public InputStream openBlob(Digest digest) {
    return registry.openBlob(digest);
  }

  @Override
  public void onTagMoved(TagListener listener) {
    registry.onTagMoved(listener);
  }
}
