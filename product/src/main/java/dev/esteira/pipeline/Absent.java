package dev.esteira.pipeline;

import org.jspecify.annotations.Nullable;

/** What stands for a member that records of an earlier version do not have. */
final class Absent {
  private Absent() {}

  static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
