package dev.esteira.pipeline.gitlab;

import dev.esteira.base.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names made fit for host names, as GitLab makes them. */
final class Slugs {
  private static final int LENGTH_MAX = 63;
  private static final int ENVIRONMENT_LENGTH_MAX = 24;
  private static final int SUFFIX_LENGTH = 6;
  private static final int RADIX = 36;
  private static final int HEX = 16;

  private Slugs() {}

  /** Lower case, others than letters and digits as dashes, at most 63 characters. */
  static String slug(String name) {
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    String cut = slug.length() > LENGTH_MAX ? slug.substring(0, LENGTH_MAX) : slug;
    return cut.replaceAll("^-+|-+$", "");
  }

  /** At most 24 characters; a name that was changed gets a suffix of its own. */
  static String environment(String name) {
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    String lettered = (slug.matches("[a-z].*") ? slug : "env-" + slug).replaceAll("-+", "-");
    if (lettered.length() <= ENVIRONMENT_LENGTH_MAX && lettered.equals(name)) {
      return lettered;
    }
    int room = ENVIRONMENT_LENGTH_MAX - SUFFIX_LENGTH - 1;
    String cut = lettered.length() > room ? lettered.substring(0, room) : lettered;
    String hex = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    String digits = new BigInteger(hex, HEX).toString(RADIX);
    return (cut.endsWith("-") ? cut : cut + "-")
        + digits.substring(digits.length() - SUFFIX_LENGTH);
  }

  /** What kind of environment a name most likely means. */
  static String tier(String environment) {
    String name = environment.toLowerCase(Locale.ROOT);
    if (name.matches(".*(dev|review|trunk).*")) {
      return "development";
    }
    if (name.matches(".*(test|tst|int|ac(ce|)pt|qa|qc|control|quality).*")) {
      return "testing";
    }
    if (name.matches(".*(st(a|)g|mod(e|)l|pre|demo|non).*")) {
      return "staging";
    }
    return name.matches(".*(pr(o|)d|live).*") ? "production" : "other";
  }
}
