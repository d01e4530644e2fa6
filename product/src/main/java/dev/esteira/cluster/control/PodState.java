package dev.esteira.cluster.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that decides what happens to a pod next; the ledger keeps it as JSON.
 *
 * @param stage how far the pod is in its life
 * @param restartPolicy Always, OnFailure or Never
 * @param sandbox the holder of the pod's network namespace
 * @param containers init containers first, each list in the spec's order
 * @param startedAt when the pod was first seen here
 * @param graceSeconds of its deletion, meaningful from {@link Stage#DRAINING} on
 */
record PodState(
    Stage stage,
    String restartPolicy,
    Sandbox sandbox,
    List<Container> containers,
    Instant startedAt,
    int graceSeconds) {

  PodState {
    containers = List.copyOf(containers);
  }

  /** Pending, Running, Succeeded or Failed. */
  String phase() {
    boolean initFailed =
        inits().stream()
            .anyMatch(c -> c.status() instanceof Status.Exited e && e.exit().code() != 0);
    List<Container> mains = mains();
    boolean allExited = mains.stream().allMatch(c -> c.status() instanceof Status.Exited);
    if (initFailed) {
      return "Failed";
    }
    if (allExited) {
      boolean well =
          mains.stream()
              .allMatch(c -> c.status() instanceof Status.Exited e && e.exit().code() == 0);
      return well ? "Succeeded" : "Failed";
    }
    boolean begun =
        mains.stream()
            .anyMatch(c ->
                c.status() instanceof Status.Running
                    || c.status() instanceof Status.Stopping
                    || c.status() instanceof Status.Exited
                    || c.last().isPresent());
    return begun ? "Running" : "Pending";
  }

  /**
   * <pre>
   *   ALIVE --all ended for good--> FINISHED
   *     |                              |
   *     +--delete--> DRAINING -> STOPPING -> REMOVING -> GONE
   * </pre>
   */
  enum Stage {
    ALIVE,
    FINISHED,
    DRAINING,
    STOPPING,
    REMOVING,
    GONE
  }

  /** The holder: made, up with an address, or failed and tried again. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Sandbox.Making.class, name = "making"),
    @JsonSubTypes.Type(value = Sandbox.Up.class, name = "up"),
    @JsonSubTypes.Type(value = Sandbox.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Sandbox.Lost.class, name = "lost")
  })
  sealed interface Sandbox {
    /** Counts the holders of this pod, from 0. */
    int attempt();

    record Making(int attempt) implements Sandbox {}

    record Up(int attempt, String id, String address) implements Sandbox {}

    record Failed(int attempt, String message, Instant retryAt) implements Sandbox {}

    /** The holder died: the containers end before a new one is made. */
    record Lost(int attempt) implements Sandbox {}
  }

  /** How a container ended. */
  record Exit(
      String id, int code, String reason, String message, Instant startedAt, Instant finishedAt) {}

  /**
   * A container of the pod.
   *
   * @param attempt counts its starts, from 0; the restart count
   * @param crashes ends in a row that were too early, they make the back-off
   * @param pulls failed pulls in a row
   * @param checked whether it has a readiness check, else it is ready when it runs
   * @param startup whether it has a startup probe
   * @param imageId the engine's image, once known; kept over restarts
   * @param last how the attempt before this one ended
   */
  record Container(
      String name,
      boolean init,
      boolean checked,
      boolean startup,
      Status status,
      int attempt,
      int crashes,
      int pulls,
      String imageId,
      String digest,
      Optional<Exit> last) {

    Container with(Status next) {
      return new Container(
          name, init, checked, startup, next, attempt, crashes, pulls, imageId, digest, last);
    }

    Container withImage(String id, String imageDigest) {
      return new Container(
          name, init, checked, startup, status, attempt, crashes, 0, id, imageDigest, last);
    }

    Container withPulls(int failed) {
      return new Container(
          name, init, checked, startup, status, attempt, crashes, failed, imageId, digest, last);
    }

    /** The next attempt, after this end. */
    Container again(Status next, int crashCount, Exit exit) {
      return new Container(
          name,
          init,
          checked,
          startup,
          next,
          attempt + 1,
          crashCount,
          0,
          imageId,
          digest,
          Optional.of(exit));
    }

    boolean ready() {
      return status instanceof Status.Running running && running.ready();
    }

    /** Whether it was seen to start and not yet to end. */
    boolean live() {
      return status instanceof Status.Running || status instanceof Status.Stopping;
    }
  }

  /** What a container is doing. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Status.Idle.class, name = "idle"),
    @JsonSubTypes.Type(value = Status.Pulling.class, name = "pulling"),
    @JsonSubTypes.Type(value = Status.Starting.class, name = "starting"),
    @JsonSubTypes.Type(value = Status.Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = Status.Running.class, name = "running"),
    @JsonSubTypes.Type(value = Status.Stopping.class, name = "stopping"),
    @JsonSubTypes.Type(value = Status.Exited.class, name = "exited")
  })
  sealed interface Status {
    /** Its turn has not come. */
    record Idle() implements Status {}

    record Pulling() implements Status {}

    /** Being made and started. */
    record Starting() implements Status {}

    /**
     * Waiting for another try, with the reason that people see.
     *
     * @param tries failures in a row of the same step
     * @param shownUntil from then on the back-off's reason is shown instead
     * @param pull whether the image is tried again, else the start
     */
    record Waiting(
        String reason, String message, int tries, Instant shownUntil, Instant retryAt, boolean pull)
        implements Status {}

    record Running(String id, Instant startedAt, boolean started, boolean ready)
        implements Status {}

    /** Being stopped, for a failed probe or a lost network; it comes again after its end. */
    record Stopping(String id, Instant startedAt, String why) implements Status {}

    /** Ended for good. */
    record Exited(Exit exit) implements Status {}
  }

  Optional<Container> container(String name) {
    return containers.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  List<Container> inits() {
    return containers.stream().filter(Container::init).toList();
  }

  List<Container> mains() {
    return containers.stream().filter(c -> !c.init()).toList();
  }

  /** Whether every init container has ended well. */
  boolean initialized() {
    return inits().stream()
        .allMatch(c -> c.status() instanceof Status.Exited e && e.exit().code() == 0);
  }

  boolean ready() {
    return stage == Stage.ALIVE && mains().stream().allMatch(Container::ready);
  }

  /** The pod's address, empty while it has none. */
  String address() {
    return sandbox instanceof Sandbox.Up up ? up.address() : "";
  }

  /** Whether an engine container of any of them may be running. */
  boolean mayRun() {
    boolean starts = sandbox instanceof Sandbox.Up;
    return containers.stream()
        .anyMatch(c -> c.live() || (starts && c.status() instanceof Status.Starting));
  }

  PodState with(Stage next) {
    return new PodState(next, restartPolicy, sandbox, containers, startedAt, graceSeconds);
  }

  PodState with(Sandbox next) {
    return new PodState(stage, restartPolicy, next, containers, startedAt, graceSeconds);
  }

  PodState withGrace(int seconds) {
    return new PodState(stage, restartPolicy, sandbox, containers, startedAt, seconds);
  }

  PodState with(Container changed) {
    List<Container> all = new ArrayList<>(containers);
    all.replaceAll(c -> c.name().equals(changed.name()) ? changed : c);
    return new PodState(stage, restartPolicy, sandbox, all, startedAt, graceSeconds);
  }
}
