package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge.Mode;
import dev.esteira.edge.Edge.Service;
import java.util.Locale;
import java.util.Set;

/**
 * The backends that the static configuration declares beforehand, 500 for each mode and 100 more
 * for HTTP. Some of them remember clients by address, for four lengths of time, because a table's
 * length cannot change at run time; some remember them by a cookie, and some prefer the target with
 * the fewest open requests.
 *
 * <pre>
 * 0-419   no memory        470-479  1 minute          490-499  a day
 * 420-469 3 hours          480-489  10 minutes        500-539  fewest requests   540-599  cookie
 * </pre>
 */
enum Slots {
  PLAIN(0, 420, 0),
  MINUTE(470, 10, 60),
  TEN_MINUTES(480, 10, 600),
  THREE_HOURS(420, 50, 10_800),
  DAY(490, 10, 86_400),
  LEAST(500, 40, 0),
  COOKIE(540, 60, 0);

  private static final int TCP_COUNT = 500;
  private static final int HTTP_COUNT = 600;

  private final int first;
  private final int count;
  private final int stickySeconds;

  Slots(int first, int count, int stickySeconds) {
    this.first = first;
    this.count = count;
    this.stickySeconds = stickySeconds;
  }

  static int count(Mode mode) {
    return switch (mode) {
      case HTTP -> HTTP_COUNT;
      case TCP -> TCP_COUNT;
    };
  }

  static boolean remembers(int slot) {
    return stickySeconds(slot) > 0 || COOKIE.holds(slot);
  }

  /** For how long the clients of this slot are remembered, 0 for not at all. */
  static int stickySeconds(int slot) {
    for (Slots range : values()) {
      if (range.holds(slot)) {
        return range.stickySeconds;
      }
    }
    return 0;
  }

  /** The shortest memory that is not shorter than what was asked for, else a day. */
  static Slots of(Service service) {
    Edge.Traits traits = service.traits().orElse(Edge.Traits.USUAL);
    if (service.mode() == Mode.HTTP && traits.cookieSeconds() > 0) {
      return COOKIE;
    }
    if (service.mode() == Mode.HTTP && traits.leastConnections()) {
      return LEAST;
    }
    for (Slots range : values()) {
      if (service.stickySeconds() <= range.stickySeconds) {
        return range;
      }
    }
    return DAY;
  }

  boolean holds(int slot) {
    return slot >= first && slot < first + count;
  }

  /** The first slot that nobody has. */
  int free(Mode mode, Set<Integer> taken) {
    for (int slot = first; slot < first + count; slot++) {
      if (!taken.contains(slot)) {
        return slot;
      }
    }
    throw EsteiraException.limit(
        "all %d %s slots of the load balancer for services that %s are taken; remove a service"
            .formatted(
                count,
                mode.name().toLowerCase(Locale.ROOT),
                stickySeconds == 0 ? "remember no clients" : "remember clients"));
  }
}
