package dev.esteira.fleet;

import dev.esteira.net.vpc.Vpcs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The instances of a home: system containers with an address, a Docker API and a metadata service
 * of their own. Durable; each is a state machine that goes on after a restart. Thread-safe.
 */
public interface Instances {
  /** States by their names in the EC2 API, with its codes. */
  enum State {
    PENDING(0, "pending"),
    RUNNING(16, "running"),
    SHUTTING_DOWN(32, "shutting-down"),
    TERMINATED(48, "terminated"),
    STOPPING(64, "stopping"),
    STOPPED(80, "stopped");

    private final int code;
    private final String word;

    State(int code, String word) {
      this.code = code;
      this.word = word;
    }

    public int code() {
      return code;
    }

    public String word() {
      return word;
    }
  }

  /** What an instance is made from. */
  record Template(
      String imageId,
      String instanceType,
      Optional<String> keyName,
      byte[] userData,
      Optional<String> instanceProfile,
      boolean metadataTokensRequired,
      Vpcs.Wanted network) {
    Template withProfile(Optional<String> profile) {
      return new Template(
          imageId, instanceType, keyName, userData, profile, metadataTokensRequired, network);
    }
  }

  /**
   * A wish for one instance. The same {@code token} again answers the instance that it made.
   *
   * @param launchedBy {@code user}, or the group that wants it: {@code group/NAME}
   */
  record Launch(String token, String launchedBy, Template template, Map<String, String> tags) {
    public Launch {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * An instance. {@code publicAddress} is an elastic one, or empty.
   *
   * @param healthy whether its init runs; what EC2 calls the status checks
   * @param stateReason code and message of the last change, such as {@code
   *     Client.UserInitiatedShutdown: …}
   */
  record Instance(
      String id,
      String reservationId,
      State state,
      Template template,
      String launchedBy,
      Map<String, String> tags,
      Vpcs.Interface network,
      Optional<String> publicAddress,
      Instant launchedAt,
      Optional<Instant> endedAt,
      boolean healthy,
      String stateReason) {
    public Instance {
      tags = Map.copyOf(tags);
    }
  }

  /** Durable when it returns; the instance is pending. {@code NOT_FOUND} for an unknown image. */
  Instance launch(Launch launch);

  /** All that are known: terminated ones stay for an hour. */
  List<Instance> all();

  Optional<Instance> instance(String id);

  /** Idempotent, for terminated ones too. {@code NOT_FOUND} for an unknown id. */
  void terminate(String id, String reason);

  void stop(String id);

  void start(String id);

  void reboot(String id);

  /** Sets and removes tags. */
  void tag(String id, Map<String, String> set, List<String> removed);

  /**
   * Asked before a terminate-instances call of a person ends an instance: true when somebody else
   * will end it in time (a group that starts the replacement first). At most one.
   */
  void onTerminateAsked(TerminateGuard guard);

  /** Hears of every recorded change; may hear of one again after a restart. Must return soon. */
  void onChange(Listener listener);

  /** Takes over the end of an instance. */
  @FunctionalInterface
  interface TerminateGuard {
    boolean takesOver(Instance instance);
  }

  /** Told after the change is durable. */
  @FunctionalInterface
  interface Listener {
    void changed(Instance instance);
  }
}
