package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.net.vpc.Vpcs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * Instances that are only values, for tests of what stands on them; they pass the same contract as
 * the real ones. They run at once, unless told to wait for {@link #run}.
 */
public final class TestingInstances implements Instances {
  private final InstantSource clock;
  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final Map<String, String> tokens = new HashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private Optional<TerminateGuard> guard = Optional.empty();
  private Optional<EsteiraException> failure = Optional.empty();
  private boolean slow;
  private int numbers;

  public TestingInstances(InstantSource clock) {
    this.clock = clock;
  }

  /** From now on launches fail so; null heals. */
  public synchronized void failWith(Optional<EsteiraException> how) {
    failure = how;
  }

  /** From now on instances stay pending until {@link #run}. */
  public synchronized void slow(boolean on) {
    slow = on;
  }

  /** Boots an instance that is pending. */
  public void run(String id) {
    change(id, i -> with(i, State.RUNNING, true, i.stateReason()));
  }

  /** Ends its init, as kill -9 from outside does. */
  public void breakInit(String id) {
    change(id, i -> with(i, State.RUNNING, false, i.stateReason()));
  }

  /** A terminate-instances call of a person. */
  public void userTerminates(String id) {
    if (guard.isEmpty() || !guard.get().takesOver(instance(id).orElseThrow())) {
      terminate(id, "Client.UserInitiatedShutdown: User initiated shutdown");
    }
  }

  @Override
  public Instance launch(Launch launch) {
    Instance made;
    synchronized (this) {
      if (failure.isPresent()) {
        throw failure.get();
      }
      String known = tokens.get(launch.token());
      if (known != null) {
        return instances.get(known);
      }
      if (!launch.template().imageId().startsWith("ami-")) {
        throw EsteiraException.notFound(
            "The image id '[" + launch.template().imageId() + "]' does not exist");
      }
      made = make(launch, "i-%017x".formatted(++numbers));
      tokens.put(launch.token(), made.id());
      instances.put(made.id(), made);
    }
    tell(made);
    return made;
  }

  private Instance make(Launch launch, String id) {
    String subnet = launch.template().network().subnetId().orElse("subnet-default");
    Vpcs.Interface network =
        new Vpcs.Interface(
            "eni-" + numbers,
            "instance/" + id,
            "vpc-1",
            subnet,
            launch.template().network().zone().orElse("us-east-1a"),
            "172.31.0." + numbers,
            "10.77.2." + numbers,
            "02:00:00:00:00:01",
            launch.template().network().securityGroupIds());
    return new Instance(
        id,
        "r-" + numbers,
        slow ? State.PENDING : State.RUNNING,
        launch.template(),
        launch.launchedBy(),
        launch.tags(),
        network,
        Optional.empty(),
        clock.instant(),
        Optional.empty(),
        !slow,
        "");
  }

  @Override
  public synchronized List<Instance> all() {
    return new ArrayList<>(instances.values());
  }

  @Override
  public synchronized Optional<Instance> instance(String id) {
    return Optional.ofNullable(instances.get(id));
  }

  @Override
  public void terminate(String id, String reason) {
    change(id, i -> i.state() == State.TERMINATED ? i : with(i, State.TERMINATED, false, reason));
  }

  @Override
  public void stop(String id) {
    change(id, i -> with(i, State.STOPPED, false, "Client.UserInitiatedShutdown"));
  }

  @Override
  public void start(String id) {
    change(id, i -> with(i, State.RUNNING, true, ""));
  }

  @Override
  public void reboot(String id) {
    change(id, i -> i);
  }

  @Override
  public void tag(String id, Map<String, String> set, List<String> removed) {
    change(
        id,
        i -> {
          Map<String, String> tags = new HashMap<>(i.tags());
          tags.keySet().removeAll(removed);
          tags.putAll(set);
          return copy(i, i.state(), tags, i.publicAddress(), i.healthy(), i.stateReason());
        });
  }

  /** Gives or takes its elastic address. */
  public void address(String id, Optional<String> address) {
    change(id, i -> copy(i, i.state(), i.tags(), address, i.healthy(), i.stateReason()));
  }

  /** Brings the elastic address of one to another, as the house does. */
  public void moveAddress(String from, String to) {
    Optional<String> address = instance(from).flatMap(Instance::publicAddress);
    if (address.isPresent() && instance(to).flatMap(Instance::publicAddress).isEmpty()) {
      address(from, Optional.empty());
      address(to, address);
    }
  }

  @Override
  public void onTerminateAsked(TerminateGuard only) {
    guard = Optional.of(only);
  }

  @Override
  public void onChange(Listener listener) {
    listeners.add(listener);
  }

  private void change(String id, UnaryOperator<Instance> how) {
    Instance after;
    synchronized (this) {
      Instance before = instances.get(id);
      if (before == null) {
        throw EsteiraException.notFound("The instance ID '" + id + "' does not exist");
      }
      after = how.apply(before);
      instances.put(id, after);
    }
    tell(after);
  }

  private void tell(Instance instance) {
    listeners.forEach(listener -> listener.changed(instance));
  }

  private Instance with(Instance i, State state, boolean healthy, String reason) {
    return copy(i, state, i.tags(), i.publicAddress(), healthy, reason);
  }

  private Instance copy(
      Instance i,
      State state,
      Map<String, String> tags,
      Optional<String> address,
      boolean healthy,
      String reason) {
    Optional<Instant> ended =
        state == State.TERMINATED
            ? i.endedAt().or(() -> Optional.of(clock.instant()))
            : i.endedAt();
    return new Instance(
        i.id(),
        i.reservationId(),
        state,
        i.template(),
        i.launchedBy(),
        tags,
        i.network(),
        state == State.TERMINATED ? Optional.empty() : address,
        i.launchedAt(),
        ended,
        healthy,
        reason);
  }
}
