package dev.esteira.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one protobuf message, field by field.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;
  private static final int VARINT_BITS_MAX = 63;

  private final byte[] bytes;
  private int position;

  /** The wire type of the field that {@link #next} found. */
  private int wireType;

  ProtoReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The number of the next field, whose value must then be read or skipped; 0 at the end. */
  int next() {
    if (position == bytes.length) {
      return 0;
    }
    long tag = varint();
    wireType = (int) (tag & 7);
    return (int) (tag >>> 3);
  }

  long number() {
    return wireType == VARINT ? varint() : bad("a number");
  }

  byte[] message() {
    if (wireType != LENGTH_DELIMITED) {
      bad("bytes");
    }
    long length = varint();
    if (length < 0 || length > bytes.length - position) {
      bad("a length");
    }
    position += (int) length;
    return Arrays.copyOfRange(bytes, position - (int) length, position);
  }

  String text() {
    return new String(message(), StandardCharsets.UTF_8);
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED_64 -> advance(8);
      case LENGTH_DELIMITED -> message();
      case FIXED_32 -> advance(4);
      default -> bad("a field");
    }
  }

  private void advance(int count) {
    if (bytes.length - position < count) {
      bad("a field");
    }
    position += count;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift <= VARINT_BITS_MAX; shift += 7) {
      if (position == bytes.length) {
        bad("a number");
      }
      byte b = bytes[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return bad("a number");
  }

  private long bad(String what) {
    throw ApiException.badRequest(
        "the body is not valid protobuf: expected " + what + " at byte " + position);
  }
}
