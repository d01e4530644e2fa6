package dev.esteira.net.vpc;

import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Which addresses interfaces get. */
final class Addressing {
  /** The first four addresses of a subnet and its last are never given, as on AWS. */
  static final int RESERVED = 5;

  private static final int FIRST = 4;

  private Addressing() {}

  /** A free address of the subnet; at random, so that one that went is seldom given again soon. */
  static String free(Draft draft, Subnet subnet, RandomGenerator random) {
    Set<String> used =
        draft.interfaces.values().stream()
            .filter(i -> i.subnetId().equals(subnet.id()))
            .map(NetworkInterface::privateAddress)
            .collect(Collectors.toSet());
    Range range = Range.parse(subnet.cidr());
    String found = pick(range, FIRST, (int) range.size() - RESERVED, used, random);
    if (found.isEmpty()) {
      throw new CloudRefusal(
          "InsufficientFreeAddressesInSubnet",
          "The subnet '" + subnet.id() + "' has no free addresses.");
    }
    return found;
  }

  /** The address when it can be given to an interface of the subnet. */
  static String wanted(Draft draft, Subnet subnet, String address) {
    Range range = Range.parse(subnet.cidr());
    long offset = Range.address(address) - range.base();
    if (offset < FIRST || offset >= range.size() - 1) {
      throw CloudRefusal.invalid(
          "Address " + address + " does not fall within the subnet's address range");
    }
    boolean taken =
        draft.interfaces.values().stream()
            .anyMatch(i -> i.subnetId().equals(subnet.id()) && i.privateAddress().equals(address));
    if (taken) {
      throw new CloudRefusal("InvalidIPAddress.InUse", "Address " + address + " is in use.");
    }
    return address;
  }

  /** A free transit address of the home. */
  static String transit(Draft draft, Range range, RandomGenerator random) {
    Set<String> used =
        draft.interfaces.values().stream()
            .map(NetworkInterface::transitAddress)
            .collect(Collectors.toSet());
    String found = pick(range, 1, (int) range.size() - 2, used, random);
    if (found.isEmpty()) {
      throw new CloudRefusal(
          "NetworkInterfaceLimitExceeded",
          "All " + (range.size() - 2) + " network interfaces of this home are taken");
    }
    return found;
  }

  private static String pick(
      Range range, int first, int count, Set<String> used, RandomGenerator random) {
    int start = random.nextInt(count);
    for (int i = 0; i < count; i++) {
      String address = Range.text(range.base() + first + (start + i) % count);
      if (!used.contains(address)) {
        return address;
      }
    }
    return "";
  }
}
