package dev.esteira.fleet;

import dev.esteira.access.Access;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The temporary keys of instances, made anew well before they end. */
final class RoleKeys {
  private static final Duration LIFETIME = Duration.ofHours(6);
  private static final Duration RENEWED_BEFORE_END = Duration.ofHours(1);

  /** A key from and until when. */
  record Held(Access.AwsKey key, String sessionToken, Instant from, Instant until) {}

  private final Access access;
  private final InstantSource clock;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  RoleKeys(Access access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  Held of(String instance) {
    Instant now = clock.instant();
    return held.compute(
        instance,
        (_, known) ->
            known != null && now.isBefore(known.until().minus(RENEWED_BEFORE_END))
                ? known
                : issue(instance, now));
  }

  private Held issue(String instance, Instant now) {
    Access.Principal principal = new Access.Principal(Life.holder(instance), Optional.empty());
    Access.AwsKey key = access.issueKey(principal, LIFETIME);
    return new Held(key, "session-" + dev.esteira.base.Ids.random(64), now, now.plus(LIFETIME));
  }

  void forget(String instance) {
    held.remove(instance);
  }
}
