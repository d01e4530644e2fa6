package dev.esteira.proxy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.esteira.base.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The tar that a tar-split record describes: raw segments (headers, padding) from the record, file
 * contents from a directory. Entries of type 1 are files, of type 2 segments, in the tar's order.
 */
final class TarSplitStream extends InputStream {
  /** A file that cannot be opened by its name, as when that is no UTF-8. */
  static final class NotFoundHere extends IOException {
    private static final long serialVersionUID = 1;

    private NotFoundHere(String name, Exception cause) {
      super("a file of the layer cannot be opened by its name: " + name, cause);
    }

    /** Whether this is what a failure comes from. */
    static boolean isBehind(Throwable failure) {
      return failure instanceof NotFoundHere
          || (failure.getCause() != null && isBehind(failure.getCause()));
    }
  }

  private static final int FILE = 1;
  private static final int SEGMENT = 2;

  private final JsonParser parser;
  private final MappingIterator<JsonNode> entries;
  private final Path files;
  private InputStream current = InputStream.nullInputStream();
  private long left;

  /** The bytes of the record are read as they are needed; closing this closes them. */
  TarSplitStream(InputStream record, Path files) throws IOException {
    this.parser = Json.mapper().createParser(record);
    this.entries = Json.mapper().readValues(parser, JsonNode.class);
    this.files = files;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (left == 0) {
      if (!next()) {
        return -1;
      }
    }
    int read = current.read(buffer, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new IOException("a file of the layer is " + left + " bytes shorter than recorded");
    }
    left -= read;
    return read;
  }

  private boolean next() throws IOException {
    current.close();
    if (!entries.hasNextValue()) {
      return false;
    }
    JsonNode entry = entries.nextValue();
    switch (entry.path("type").asInt()) {
      case FILE -> {
        left = entry.path("size").asLong(0);
        current = left == 0 ? InputStream.nullInputStream() : open(name(entry));
      }
      case SEGMENT -> {
        byte[] bytes = entry.path("payload").binaryValue();
        left = bytes == null ? 0 : bytes.length;
        current = new ByteArrayInputStream(bytes == null ? new byte[0] : bytes);
      }
      default -> throw new IOException("unknown tar-split entry type " + entry.path("type"));
    }
    return true;
  }

  private static String name(JsonNode entry) throws IOException {
    byte[] raw = entry.path("name_raw").binaryValue();
    return raw == null ? entry.path("name").asText() : new String(raw, StandardCharsets.ISO_8859_1);
  }

  private InputStream open(String name) throws IOException {
    try {
      Path file = files.resolve(name.replaceFirst("^/+", "")).normalize();
      if (!file.startsWith(files)) {
        throw new IOException("'" + name + "' leads out of its layer");
      }
      return Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (InvalidPathException | NoSuchFileException e) {
      throw new NotFoundHere(name, e);
    }
  }

  @Override
  public void close() throws IOException {
    current.close();
    parser.close();
  }
}
