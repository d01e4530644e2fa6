package dev.esteira.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes one protobuf message: strings, flags and messages within.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int MORE = 0x80;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes a text; an empty one is the default and is left out. */
  ProtoMessage text(int field, String value) {
    return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoMessage message(int field, ProtoMessage value) {
    return bytes(field, value.toByteArray());
  }

  ProtoMessage flag(int field, boolean value) {
    if (value) {
      varint((field << 3) | VARINT);
      varint(1);
    }
    return this;
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  private ProtoMessage bytes(int field, byte[] value) {
    varint((field << 3) | LENGTH_DELIMITED);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(int value) {
    int rest = value;
    while (rest >= MORE) {
      out.write((rest & (MORE - 1)) | MORE);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
