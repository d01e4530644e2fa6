package dev.esteira.fleet;

import dev.esteira.net.vpc.Vpcs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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
    return but(life -> {
      life.phase = next;
      life.reason = why;
    });
  }

  /** With the next start of its init; {@code healthy} as long as it was. */
  Life booting(Phase next) {
    return but(life -> {
      life.phase = next;
      life.boot = boot + 1;
      life.reason = "";
    });
  }

  Life healthy(boolean now) {
    return but(life -> life.healthy = now);
  }

  Life on(Vpcs.Interface now) {
    return but(life -> life.network = Optional.of(now));
  }

  Life tagged(Map<String, String> now) {
    return but(life -> life.tags = now);
  }

  Life with(LiveInstances.Setup now) {
    return but(life -> life.settings = now);
  }

  Life with(Instances.Template now) {
    return but(life -> life.template = now);
  }

  Life launched(Instant now) {
    return but(life -> life.launchedAt = now);
  }

  Life endedAt(Instant now) {
    return but(life -> {
      life.healthy = false;
      life.endedAt = Optional.of(now);
    });
  }

  /** The same but for what is changed. */
  private Life but(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return new Life(
        id,
        reservationId,
        token,
        launchedBy,
        next.phase,
        next.boot,
        next.healthy,
        next.template,
        next.settings,
        next.tags,
        next.network,
        next.launchedAt,
        next.endedAt,
        next.reason);
  }

  /** What may change of it. */
  private static final class Next {
    private Phase phase;
    private int boot;
    private boolean healthy;
    private Instances.Template template;
    private LiveInstances.Setup settings;
    private Map<String, String> tags;
    private Optional<Vpcs.Interface> network;
    private Instant launchedAt;
    private Optional<Instant> endedAt;
    private String reason;

    Next(Life life) {
      phase = life.phase;
      boot = life.boot;
      healthy = life.healthy;
      template = life.template;
      settings = life.settings;
      tags = life.tags;
      network = life.network;
      launchedAt = life.launchedAt;
      endedAt = life.endedAt;
      reason = life.reason;
    }
  }
}
