package dev.esteira.net.vpc;

/**
 * A range of IPv4 addresses in CIDR form.
 *
 * @param base the first address, as an unsigned number
 */
record Range(long base, int prefix) {
  private static final long ADDRESSES = 1L << 32;

  Range {
    if (prefix < 0 || prefix > 32 || base < 0 || base >= ADDRESSES) {
      throw new IllegalArgumentException(base + "/" + prefix);
    }
  }

  static final Range ALL = new Range(0, 0);

  /** Reads {@code 10.0.0.0/16}; bits after the prefix are cut. */
  static Range parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      int prefix = Integer.parseInt(parts[1]);
      if (parts.length == 2 && prefix >= 0 && prefix <= 32) {
        long size = 1L << (32 - prefix);
        return new Range(address(parts[0]) / size * size, prefix);
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // Said below.
    }
    throw CloudRefusal.invalid("Value (" + text + ") is not a valid CIDR block.");
  }

  /** Whether it was written with no bits after its prefix. */
  static boolean isCanonical(String text) {
    return parse(text).text().equals(text);
  }

  static long address(String text) {
    String[] parts = text.split("\\.", -1);
    long address = 0;
    for (String part : parts) {
      if (parts.length != 4 || !part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
        throw CloudRefusal.invalid("Value (" + text + ") is not a valid IPv4 address.");
      }
      address = address << 8 | Integer.parseInt(part);
    }
    return address;
  }

  static String text(long address) {
    return (address >> 24)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }

  String text() {
    return text(base) + "/" + prefix;
  }

  long size() {
    return 1L << (32 - prefix);
  }

  boolean contains(long address) {
    return address >= base && address < base + size();
  }

  boolean contains(Range other) {
    return prefix <= other.prefix && contains(other.base);
  }

  boolean overlaps(Range other) {
    return contains(other.base) || other.contains(base);
  }
}
