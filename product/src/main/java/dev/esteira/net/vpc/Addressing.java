package dev.esteira.net.vpc;

/** Which addresses of a subnet are given to interfaces. */
final class Addressing {
  /** The first four addresses of a subnet and its last are never given, as on AWS. */
  static final int RESERVED = 5;

  private Addressing() {}
}
