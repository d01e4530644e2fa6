package dev.esteira.blob;

import dev.esteira.base.Digest;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Content-addressed bytes: what was put under a digest is whole and never changes. A put is visible
 * only once it is complete and durable. Thread-safe.
 */
public interface BlobStore {
  /** Reads to the end and keeps the bytes; returns their digest. */
  Digest put(InputStream in);

  /** The same, refusing bytes of another digest with {@code INVALID}. */
  void put(Digest expected, InputStream in);

  boolean has(Digest digest);

  /** Size in bytes. */
  Optional<Long> size(Digest digest);

  /** The bytes from {@code offset}; {@code NOT_FOUND} when there are none. */
  InputStream open(Digest digest, long offset);

  /** The file that holds the bytes, for zero-copy sending. Never write to it. */
  Optional<Path> file(Digest digest);

  boolean delete(Digest digest);

  List<Digest> list();

  /** An upload in pieces, which survives a restart. */
  Upload begin();

  Optional<Upload> resume(String id);

  /** Bytes on their way in. */
  interface Upload {
    String id();

    long size();

    /** Appends all bytes of the stream; returns the size after it. */
    long append(InputStream in);

    /** Ends it; {@code INVALID} and nothing kept when the bytes have another digest. */
    void commit(Digest expected);

    void abort();
  }
}
