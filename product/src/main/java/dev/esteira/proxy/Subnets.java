package dev.esteira.proxy;

/** IPv4 subnets in CIDR form. */
final class Subnets {
  private static final int BITS = 32;

  private Subnets() {}

  static boolean contains(String cidr, String address) {
    String[] parts = cidr.split("/", 2);
    int length = parts.length < 2 ? BITS : Integer.parseInt(parts[1]);
    int mask = length == 0 ? 0 : -1 << (BITS - length);
    return address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
        && (bits(parts[0]) & mask) == (bits(address) & mask);
  }

  private static int bits(String address) {
    int bits = 0;
    for (String part : address.split("\\.", -1)) {
      bits = (bits << 8) | (Integer.parseInt(part) & 0xff);
    }
    return bits;
  }
}
