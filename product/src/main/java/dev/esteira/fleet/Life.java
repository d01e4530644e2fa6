package dev.esteira.fleet;

import dev.esteira.net.vpc.Vpcs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is recorded of an instance; {@link LifeMachine} decides how it goes on.
 *
 * @param boot counts the starts of its init, from 1; what belongs to an earlier one is stale
 * @param network empty only while the claim of an interface is under way
 */
record Life(
    String id,
    String reservationId,
    String token,
    String launchedBy,
    Phase phase,
    int boot,
    boolean healthy,
    Instances.Template template,
    LiveInstances.Setup settings,
    Map<String, String> tags,
    Optional<Vpcs.Interface> network,
    Instant launchedAt,
    Optional<Instant> endedAt,
    String reason) {
  /** Where an instance is in its life; {@code CLAIMED} is not shown to anybody. */
  enum Phase {
    CLAIMED,
    PENDING,
    RUNNING,
    STOPPING,
    STOPPED,
    SHUTTING_DOWN,
    TERMINATED
  }

  Life {
    tags = Map.copyOf(tags);
  }

  /** The holder of its interface and its address, and the owner of its Docker API. */
  static String holder(String id) {
    return "instance/" + id;
  }

  boolean ended() {
    return phase == Phase.SHUTTING_DOWN || phase == Phase.TERMINATED;
  }

  /** Whether it is given a public address while it runs. */
  boolean wantsAddress() {
    return settings.publicAddress();
  }

  Life in(Phase next, String why) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        next,
        boot,
        healthy,
        template,
        settings,
        tags,
        network,
        launchedAt,
        endedAt,
        why);
  }

  /** With the next start of its init; {@code healthy} as long as it was. */
  Life booting(Phase next) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        next,
        boot + 1,
        healthy,
        template,
        settings,
        tags,
        network,
        launchedAt,
        endedAt,
        "");
  }

  Life healthy(boolean now) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        phase,
        boot,
        now,
        template,
        settings,
        tags,
        network,
        launchedAt,
        endedAt,
        reason);
  }

  Life on(Vpcs.Interface now) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        phase,
        boot,
        healthy,
        template,
        settings,
        tags,
        Optional.of(now),
        launchedAt,
        endedAt,
        reason);
  }

  Life tagged(Map<String, String> now) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        phase,
        boot,
        healthy,
        template,
        settings,
        now,
        network,
        launchedAt,
        endedAt,
        reason);
  }

  Life with(LiveInstances.Setup now) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        phase,
        boot,
        healthy,
        template,
        now,
        tags,
        network,
        launchedAt,
        endedAt,
        reason);
  }

  Life with(Instances.Template now) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        phase,
        boot,
        healthy,
        now,
        settings,
        tags,
        network,
        launchedAt,
        endedAt,
        reason);
  }

  Life launched(Instant now) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        phase,
        boot,
        healthy,
        template,
        settings,
        tags,
        network,
        now,
        endedAt,
        reason);
  }

  Life endedAt(Instant now) {
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        phase,
        boot,
        false,
        template,
        settings,
        tags,
        network,
        launchedAt,
        Optional.of(now),
        reason);
  }
}
