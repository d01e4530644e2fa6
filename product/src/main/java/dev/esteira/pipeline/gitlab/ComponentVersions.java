package dev.esteira.pipeline.gitlab;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The versions in which a component is asked for (CI/CD components, component versions): a ref as
 * it is, {@code ~latest}, or the beginning of a version ({@code 1}, {@code 1.2}). The last two mean
 * the highest released version, and every tag that is a whole semantic version is taken for one.
 */
final class ComponentVersions {
  static final String LATEST = "~latest";

  private static final Pattern WHOLE = Pattern.compile("v?\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}");
  private static final Pattern BEGINNING = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  private ComponentVersions() {}

  /** Whether it may mean another tag than the one of its name. */
  static boolean moves(String asked) {
    return asked.equals(LATEST) || BEGINNING.matcher(asked).matches();
  }

  /** The highest of the tags that is such a version; versions before a release are left alone. */
  static Optional<String> highest(String asked, Collection<String> tags) {
    String beginning = asked.equals(LATEST) ? "" : asked + ".";
    return tags.stream()
        .filter(tag -> WHOLE.matcher(tag).matches())
        .filter(tag -> number(tag).startsWith(beginning))
        .max(Comparator.comparing(ComponentVersions::parts, Arrays::compare));
  }

  private static String number(String tag) {
    return tag.startsWith("v") ? tag.substring(1) : tag;
  }

  private static int[] parts(String tag) {
    return Arrays.stream(number(tag).split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
