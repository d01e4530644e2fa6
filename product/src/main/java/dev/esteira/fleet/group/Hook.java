package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import java.time.Instant;

/**
 * A lifecycle hook: instances wait for somebody's word on their way in or out.
 *
 * @param launching on the way in, else on the way out
 * @param proceed what happens when nobody says a word in time
 */
public record Hook(
    String name,
    boolean launching,
    int heartbeatSeconds,
    boolean proceed,
    String metadata,
    String targetArn,
    String roleArn) {
  static final int HEARTBEAT_SECONDS_MIN = 30;
  static final int HEARTBEAT_SECONDS_MAX = 7_200;
  static final int GLOBAL_SECONDS_MAX = 172_800;

  public Hook {
    if (heartbeatSeconds < HEARTBEAT_SECONDS_MIN || heartbeatSeconds > HEARTBEAT_SECONDS_MAX) {
      throw EsteiraException.invalid(
          "HeartbeatTimeout must be between %d and %d seconds, not %d"
              .formatted(HEARTBEAT_SECONDS_MIN, HEARTBEAT_SECONDS_MAX, heartbeatSeconds));
    }
  }

  /** How long an instance can wait, however many heartbeats come. */
  public int globalSeconds() {
    return Math.min(GLOBAL_SECONDS_MAX, 100 * heartbeatSeconds);
  }

  /** A member waits for this hook until {@code due}, at the latest {@code last}. */
  public record Wait(String hook, String token, boolean proceed, Instant due, Instant last) {}
}
