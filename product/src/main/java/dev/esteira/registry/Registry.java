package dev.esteira.registry;

import dev.esteira.base.Digest;
import dev.esteira.http.Handler;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The image registry of a home (OCI distribution 1.1). Repositories appear on first push. Their
 * names have no host: {@code python}, {@code group/project/image}. Thread-safe.
 */
public interface Registry {
  /** A manifest: its digest, media type, bytes, and when it was pushed. */
  record Manifest(
      String repository, Digest digest, String mediaType, byte[] bytes, Instant pushedAt) {}

  /** An image as {@code describe-images} shows it. Size is the sum of config and layers, bytes. */
  record Image(
      String repository,
      Digest digest,
      List<String> tags,
      long sizeBytes,
      Instant pushedAt,
      String mediaType) {}

  /** {@code immutableTags}: a tag that is there stays where it points. */
  record Repository(String name, Instant createdAt, boolean immutableTags) {}

  /** A tag that now points elsewhere. {@code by} is the owner that moved it ({@code job/ID} …). */
  record TagMoved(String repository, String tag, Digest digest, String by) {}

  /** Hears of moved tags after they are durable, in order; must return fast. */
  interface TagListener {
    void moved(TagMoved event);
  }

  /** The HTTP door: {@code /v2/…} and {@code /token}. */
  Handler handler();

  List<Repository> repositories();

  Optional<Repository> repository(String name);

  /** Makes it, {@code CONFLICT} when it exists. */
  Repository createRepository(String name);

  /** Whether tags that are there may be pointed elsewhere; {@code NOT_FOUND} when it is unknown. */
  Repository immutableTags(String name, boolean immutable);

  /** Deletes it with its images; blobs go when nothing needs them. */
  void deleteRepository(String name);

  List<Image> images(String repository);

  /** {@code reference} is a tag or a digest. */
  Optional<Manifest> manifest(String repository, String reference);

  /** Keeps a manifest whose blobs are all here and points the tag (if any) at it. */
  Digest putManifest(
      String repository, Optional<String> tag, String mediaType, byte[] bytes, String by);

  /** Removes a tag, or a digest with all its tags. Whether there was something. */
  boolean deleteReference(String repository, String reference);

  /** Whether the blob is here. */
  boolean hasBlob(Digest digest);

  /** Keeps a blob, {@code INVALID} when its bytes have another digest. */
  void putBlob(Digest digest, InputStream in);

  InputStream openBlob(Digest digest);

  void onTagMoved(TagListener listener);
}
