package dev.esteira.net;

import dev.esteira.base.EsteiraException;

/**
 * The addresses of one slot, as numbers and as text; see {@link Networks} for the picture. Slots do
 * not overlap.
 */
record AddressPlan(int slot) {
  static final int SLOTS = 16;
  static final int JOB_BRIDGES_MAX = 2048;
  static final int POD_BRIDGES_MAX = 4;

  private static final int HOUSE_BASE = 10 << 24 | 77 << 16;
  private static final int SANDBOX_BASE = 10 << 24 | 128 << 16;
  private static final int JOB_PREFIX = 28;
  private static final int POD_PREFIX = 20;

  AddressPlan {
    if (slot < 0 || slot >= SLOTS) {
      throw EsteiraException.invalid("slot " + slot + " is not in 0-" + (SLOTS - 1));
    }
  }

  /** The numbers of a bridge's subnet. */
  record Subnet(int base, int prefix) {
    String cidr() {
      return text(base) + "/" + prefix;
    }

    /** The first address of the subnet, which the bridge has. */
    int gateway() {
      return base + 1;
    }
  }

  int house() {
    return houseBase() + 1;
  }

  private int houseBase() {
    return HOUSE_BASE + (slot << 12);
  }

  String houseRange() {
    return text(houseBase()) + "/20";
  }

  /** The house range as the host's own programs may write it: 127.77 for 10.77. */
  static int mirror(int address) {
    return address - (10 << 24) + (127 << 24);
  }

  private int sandboxBase() {
    return SANDBOX_BASE + (slot << 16);
  }

  String sandboxRange() {
    return text(sandboxBase()) + "/16";
  }

  boolean isSandbox(int address) {
    return (address & 0xffff0000) == sandboxBase();
  }

  boolean isHouse(int address) {
    return (address & 0xfffff000) == houseBase();
  }

  /** Addresses of load balancers and Elastic IPs: .1.0 to .7.255, without each .0 and .255. */
  static final int POOL_SIZE = 7 * 254;

  int poolAddress(int index) {
    return houseBase() + (1 << 8) + ((index / 254) << 8) + 1 + index % 254;
  }

  /** ClusterIPs: .8.0 to .15.255, without each .0 and .255. */
  static final int CLUSTER_SIZE = 8 * 254;

  int clusterAddress(int index) {
    return houseBase() + (8 << 8) + ((index / 254) << 8) + 1 + index % 254;
  }

  boolean isClusterAddress(int address) {
    int offset = address - houseBase();
    return offset >= 8 << 8 && offset < 16 << 8 && (address & 0xff) != 0 && (address & 0xff) != 255;
  }

  /** Subnets of jobs, by number below {@link #JOB_BRIDGES_MAX}, then those of pods. */
  Subnet subnet(int number) {
    if (number < JOB_BRIDGES_MAX) {
      return new Subnet(sandboxBase() + (number << (32 - JOB_PREFIX)), JOB_PREFIX);
    }
    int pod = number - JOB_BRIDGES_MAX;
    return new Subnet(sandboxBase() + (128 << 8) + (pod << (32 - POD_PREFIX)), POD_PREFIX);
  }

  /** The number of the subnet that holds this address of a sandbox, or -1. */
  int subnetNumber(int address) {
    int offset = address - sandboxBase();
    if (!isSandbox(address) || offset >= 192 << 8) {
      return -1;
    }
    return offset < 128 << 8
        ? offset >> (32 - JOB_PREFIX)
        : JOB_BRIDGES_MAX + ((offset - (128 << 8)) >> (32 - POD_PREFIX));
  }

  String engineBridge() {
    return text(sandboxBase() + (192 << 8) + 1) + "/20";
  }

  /** How the house knows interfaces of virtual private clouds: 4,096 addresses. */
  String transitRange() {
    return text(transitBase()) + "/20";
  }

  private int transitBase() {
    return sandboxBase() + (208 << 8);
  }

  boolean isTransit(int address) {
    return (address & 0xfffff000) == transitBase();
  }

  String enginePool() {
    return text(sandboxBase() + (224 << 8)) + "/19";
  }

  static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  /** Reads four decimal numbers; anything else is {@code INVALID}. */
  static int parse(String text) {
    String[] parts = text.split("\\.", -1);
    int address = 0;
    for (String part : parts) {
      if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255 || parts.length != 4) {
        throw EsteiraException.invalid("'" + text + "' is no IPv4 address");
      }
      address = address << 8 | Integer.parseInt(part);
    }
    return address;
  }
}
