package dev.esteira.http;

/**
 * How long a connection may stay silent, in milliseconds.
 *
 * @param idleMillisMax between two requests
 * @param stallMillisMax while a body is being read or written and the other side does not move
 */
record Limits(long idleMillisMax, long stallMillisMax) {
  static final Limits DEFAULT = new Limits(30_000, 600_000);
}
