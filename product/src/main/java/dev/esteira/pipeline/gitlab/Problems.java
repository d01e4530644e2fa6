package dev.esteira.pipeline.gitlab;

import dev.esteira.base.EsteiraException;
import dev.esteira.pipeline.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is wrong with a configuration and what is worth a word. Readers go on after an error, so
 * that a person sees all of them at once.
 */
final class Problems {
  private static final int ERRORS_SHOWN_MAX = 25;
  private static final int NOTICES_MAX = 200;

  private final Set<Failure> errors = new LinkedHashSet<>();
  private final Set<Plan.Notice> notices = new LinkedHashSet<>();

  private record Failure(Place place, String text) {}

  void error(Place place, String text) {
    errors.add(new Failure(place, text));
  }

  void notice(Place place, String text) {
    if (notices.size() < NOTICES_MAX) {
      notices.add(new Plan.Notice(place.file(), place.line(), text));
    }
  }

  void all(Collection<Plan.Notice> more) {
    more.forEach(n -> notice(new Place(n.file(), n.line()), n.text()));
  }

  /** A failure that nothing can be read beyond. */
  static EsteiraException fatal(Place place, String text) {
    return EsteiraException.invalid(place + ": " + text);
  }

  /** Throws when there were errors; {@code INVALID}, one line for each. */
  void fail() {
    List<String> lines = lines();
    if (!lines.isEmpty()) {
      throw EsteiraException.invalid(String.join("\n", lines));
    }
  }

  /** The errors, by file and line. */
  List<String> lines() {
    List<String> lines =
        new ArrayList<>(
            errors.stream()
                .sorted(
                    Comparator.comparing((Failure f) -> f.place().file())
                        .thenComparingInt(f -> f.place().line()))
                .limit(ERRORS_SHOWN_MAX)
                .map(f -> f.place() + ": " + f.text())
                .toList());
    if (errors.size() > ERRORS_SHOWN_MAX) {
      lines.add("… and " + (errors.size() - ERRORS_SHOWN_MAX) + " more");
    }
    return lines;
  }

  List<Plan.Notice> notices() {
    return notices.stream()
        .sorted(Comparator.comparing(Plan.Notice::file).thenComparingInt(Plan.Notice::line))
        .toList();
  }
}
