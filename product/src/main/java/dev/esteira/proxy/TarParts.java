package dev.esteira.proxy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** A tar file as a stream of parts, each opened only when it is reached. */
final class TarParts {
  private static final int BLOCK_BYTES = 512;

  private final List<Supplier<InputStream>> parts = new ArrayList<>();

  TarParts add(String name, byte[] bytes) {
    return add(name, bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  TarParts add(String name, long size, Supplier<InputStream> content) {
    parts.add(() -> new ByteArrayInputStream(header(name, size)));
    parts.add(content);
    int padding = (int) ((BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES);
    parts.add(() -> new ByteArrayInputStream(new byte[padding]));
    return this;
  }

  InputStream open() {
    parts.add(() -> new ByteArrayInputStream(new byte[2 * BLOCK_BYTES]));
    List<Supplier<InputStream>> whole = List.copyOf(parts);
    List<InputStream> streams =
        new AbstractList<>() {
          @Override
          public InputStream get(int index) {
            return whole.get(index).get();
          }

          @Override
          public int size() {
            return whole.size();
          }
        };
    return new SequenceInputStream(Collections.enumeration(streams));
  }

  private static byte[] header(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setModTime(0);
    byte[] header = new byte[BLOCK_BYTES];
    entry.writeEntryHeader(header);
    return header;
  }
}
