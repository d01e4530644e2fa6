package dev.esteira.images;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Version numbers in the tags of images. */
final class Versions {
  private Versions() {}

  /** The first number that a pattern's group finds in the tag. */
  static Optional<Integer> number(Pattern pattern, String tag) {
    Matcher matcher = pattern.matcher(tag);
    return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
  }

  /** The nearest of those that can be had: the lowest that is not below, else the highest. */
  static int nearest(int wanted, List<Integer> had) {
    return had.stream().filter(v -> v >= wanted).min(Integer::compare).orElse(had.getLast());
  }
}
