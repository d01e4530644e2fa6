package dev.esteira.edge.elb;

import dev.esteira.edge.elb.HealthMachine.Command;
import dev.esteira.edge.elb.HealthMachine.Event;
import dev.esteira.edge.elb.HealthMachine.Outcome;
import dev.esteira.edge.elb.HealthState.Member;
import dev.esteira.edge.elb.HealthState.Status;
import dev.esteira.edge.elb.LoadBalancers.Described;
import dev.esteira.edge.elb.LoadBalancers.Target;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import dev.esteira.edge.elb.Targets.TargetHealth;
import dev.esteira.store.Hands;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.MachineHost;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The targets of all groups: {@link HealthMachine} hosted, fed by {@link Checks}, its commands
 * carried out by {@link Rotation}. Thread-safe; changes take turns with those of the tables.
 */
final class Membership implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Membership.class.getName());
  private static final long DRAIN_POLL_MILLIS = 50;

  private final Object turn;
  private final Ledger ledger;
  private final Machines machines;
  private final InstantSource clock;
  private final Supplier<View> view;
  private final Rotation rotation;
  private final MachineHost<HealthState, Event, Command> host;
  private final HealthMachine machine = new HealthMachine();
  private final Checks checks;
  private final List<Targets.Listener> hearers = new CopyOnWriteArrayList<>();

  /** What the host has recorded, because checks ask many times a second. Written in one's turn. */
  private final Map<String, HealthState> states = new ConcurrentHashMap<>();

  /** {@code turn} is the lock that is held while the tables, which {@code view} shows, change. */
  Membership(Elb.Parts parts, Object turn, Supplier<View> view) {
    this.turn = turn;
    this.ledger = parts.ledger();
    this.machines = parts.machines();
    this.clock = parts.clock();
    this.view = view;
    this.rotation = new Rotation(parts.edge(), this::state, this::address);
    this.host = new MachineHost<>(ledger, "elb-health", machine, HealthMachine.TYPES, clock);
    this.checks = new Checks(() -> states, this::check, this::checked);
  }

  /** Knows what is recorded, but does nothing yet. */
  void load() {
    host.states("").forEach(states::put);
  }

  /** Carries out what is left to do, and begins to check. */
  void start() {
    host.start(new HealthHands());
    states.keySet().forEach(this::rotate);
    checks.start();
  }

  /** Stops checking; traffic goes on. */
  @Override
  public void close() {
    checks.close();
    host.close();
  }

  /** Makes a group's state in the transaction that records the group. */
  void create(TargetGroup group, Consumer<Transaction> record) {
    HealthState initial = new HealthState(group.check(), delaySeconds(group), false, Map.of());
    ledger.write(tx -> {
      record.accept(tx);
      host.create(tx, group.arn(), initial);
      return true;
    });
    states.put(group.arn(), initial);
  }

  void forget(String arn) {
    host.forget(arn);
    states.remove(arn);
  }

  /** Tells a group's machine what its settings are, and whether anything sends to it. */
  void configure(TargetGroup group, boolean used) {
    deliver(group.arn(), new Event.Used(used));
    deliver(group.arn(), new Event.Configured(group.check(), delaySeconds(group)));
  }

  private static int delaySeconds(TargetGroup group) {
    return Integer.parseInt(group.attribute("deregistration_delay.timeout_seconds"));
  }

  /** Brings the servers of a group to its health. */
  void rotate(String group) {
    if (states.containsKey(group)) {
      rotation.bring(group);
    }
  }

  void register(String arn, List<Target> targets) {
    deliver(arn, new Event.Registered(targets));
  }

  void deregister(String arn, List<Target> targets) {
    Map<String, Member> members = state(arn).members();
    for (Target target : targets) {
      if (!members.containsKey(HealthState.key(target))) {
        throw new ElbRefused(
            "InvalidTarget",
            "The following targets are not registered: '" + HealthState.key(target) + "'");
      }
    }
    deliver(arn, new Event.Deregistered(targets));
  }

  void deregister(String arn, String instanceId) {
    List<Target> present =
        state(arn).members().values().stream()
            .map(Member::target)
            .filter(each -> each.id().equals(instanceId))
            .toList();
    deliver(arn, new Event.Deregistered(present));
  }

  List<Described> described(String arn) {
    synchronized (turn) {
      HealthState state = state(arn);
      List<Described> all = new ArrayList<>();
      for (Member each : state.members().values()) {
        Target target = each.target();
        all.add(new Described(target, state.check().portFor(target.port()), state.health(each)));
      }
      return all;
    }
  }

  Optional<TargetHealth> health(String arn, String instanceId) {
    synchronized (turn) {
      HealthState state = states.get(arn);
      return state == null
          ? Optional.empty()
          : state.members().values().stream()
              .filter(each -> each.target().id().equals(instanceId))
              .map(state::health)
              .findFirst();
    }
  }

  void onHealth(Targets.Listener listener) {
    hearers.add(listener);
  }

  private HealthState state(String arn) {
    HealthState state = states.get(arn);
    if (state == null) {
      throw new ElbRefused("TargetGroupNotFound", "One or more target groups not found");
    }
    return state;
  }

  /**
   * The state that a command is of, or a later one. The host may hand a command over before {@link
   * #deliver} knows what it has recorded; whoever takes a turn waits for that.
   */
  private Optional<HealthState> known(String arn) {
    synchronized (turn) {
      return Optional.ofNullable(states.get(arn));
    }
  }

  /** Nothing is written when nothing changes, as after most checks. */
  private void deliver(String arn, Event event) {
    synchronized (turn) {
      HealthState before = states.get(arn);
      if (before == null || machine.step(before, event, clock.instant()).state().equals(before)) {
        return;
      }
      HealthState after = host.deliver(arn, event);
      states.put(arn, after);
      if (!before.serving().equals(after.serving()) || before.used() != after.used()) {
        rotateNow(arn);
      }
    }
  }

  /** Who asks for the health afterwards finds the traffic to be as it says; hands try again. */
  private void rotateNow(String arn) {
    try {
      rotate(arn);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "could not bring the targets of " + arn + " to their health yet", e);
    }
  }

  private Optional<String> address(String arn, Member member) {
    return view.get()
        .targetGroup(arn)
        .flatMap(
            group -> machines.address(group.vpcId(), group.targetType(), member.target().id()));
  }

  private Outcome check(String arn, HealthState state, Member member) {
    Optional<String> address = address(arn, member);
    if (address.isEmpty()) {
      return new Outcome.Nobody("Target is in the stopped state");
    }
    View now = view.get();
    String source =
        now.usersOf(arn).stream()
            .findFirst()
            .flatMap(now::loadBalancer)
            .map(LoadBalancer::address)
            .orElse("");
    int port = state.check().portFor(member.target().port());
    return new Probe(state.check(), source, address.get(), port).run();
  }

  private void checked(String arn, String key, Outcome outcome, boolean counts) {
    deliver(arn, new Event.Checked(key, outcome, counts));
  }

  private final class HealthHands implements Hands<Command> {
    @Override
    public void carryOut(String arn, Command command) throws InterruptedException {
      switch (command) {
        case Command.Rotate() -> {
          if (known(arn).isPresent()) {
            rotation.bring(arn);
          }
        }
        case Command.Drain drain -> drain(arn, drain);
        case Command.Tell(String target, TargetHealth health) ->
            hearers.forEach(each -> each.changed(arn, target, health));
      }
    }

    private void drain(String arn, Command.Drain drain) throws InterruptedException {
      Status draining = new Status.Draining(drain.until());
      // First, whatever the rotation does meanwhile: nothing new may come while we count.
      rotation.rest(arn, drain.key());
      while (clock.instant().isBefore(drain.until())) {
        Optional<Status> status =
            known(arn)
                .map(state -> state.members().get(drain.key()))
                .map(Member::status)
                .filter(draining::equals);
        if (status.isEmpty()) {
          return;
        }
        if (rotation.connections(arn, drain.key()) == 0) {
          break;
        }
        Thread.sleep(DRAIN_POLL_MILLIS);
      }
      deliver(arn, new Event.Drained(drain.key(), drain.until()));
    }

    @Override
    public String lane(Command command) {
      return switch (command) {
        case Command.Rotate() -> "rotate";
        case Command.Drain drain -> "drain/" + drain.key();
        case Command.Tell _ -> "tell";
      };
    }
  }
}
