package dev.esteira.base;

import java.security.SecureRandom;

/** Random names: unguessable, lower-case, safe in file names, host names and URLs. */
public final class Ids {
  private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** {@code length} characters of 0-9a-z (5.17 bits each). */
  public static String random(int length) {
    return pick(ALPHABET, length);
  }

  /** {@code length} lower-case hexadecimal digits (4 bits each). */
  public static String hex(int length) {
    return pick("0123456789abcdef", length);
  }

  /** A random UUID of version 4 (RFC 9562, section 5.4). */
  public static String uuid() {
    String hex = hex(32);
    return "%s-%s-4%s-a%s-%s"
        .formatted(
            hex.substring(0, 8),
            hex.substring(8, 12),
            hex.substring(13, 16),
            hex.substring(17, 20),
            hex.substring(20));
  }

  private static String pick(String alphabet, int length) {
    StringBuilder id = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      id.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    return id.toString();
  }
}
