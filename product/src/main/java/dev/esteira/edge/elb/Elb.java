package dev.esteira.edge.elb;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge;
import dev.esteira.edge.Listeners;
import dev.esteira.edge.elb.HealthMachine.Command;
import dev.esteira.edge.elb.HealthMachine.Event;
import dev.esteira.edge.elb.HealthMachine.Outcome;
import dev.esteira.edge.elb.HealthState.Member;
import dev.esteira.edge.elb.HealthState.Status;
import dev.esteira.net.Networks;
import dev.esteira.store.Hands;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.MachineHost;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Elastic load balancers over the edge. The tables say what is wanted; {@link Projection} brings
 * listeners and services to it, {@link HealthMachine} decides who serves, {@link Rotation} brings
 * servers to that. When this process is gone, the edge goes on with the servers that it has, and
 * its own connection checks.
 */
public final class Elb implements LoadBalancers, Targets, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Elb.class.getName());
  private static final long DRAIN_POLL_MILLIS = 50;

  private final Ledger ledger;
  private final Networks networks;
  private final Machines machines;
  private final InstantSource clock;
  private final Projection projection;
  private final Rotation rotation;
  private final MachineHost<HealthState, Event, Command> host;
  private final HealthMachine machine = new HealthMachine();
  private final Checks checks;
  private final List<Targets.Listener> hearers = new CopyOnWriteArrayList<>();

  /** What the host has recorded, because checks ask many times a second. Written under the lock. */
  private final Map<String, HealthState> states = new ConcurrentHashMap<>();

  private volatile View view = new View(List.of(), List.of(), List.of(), List.of());

  /** What this is made of; {@code edge} and {@code doors} are usually the same. */
  public record Parts(
      Ledger ledger,
      Networks networks,
      Edge edge,
      Listeners doors,
      Machines machines,
      InstantSource clock) {}

  public Elb(Parts parts) {
    this.ledger = parts.ledger();
    this.networks = parts.networks();
    this.machines = parts.machines();
    this.clock = parts.clock();
    this.projection = new Projection(parts.edge(), parts.doors());
    this.rotation = new Rotation(parts.edge(), this::state, this::address);
    this.host = new MachineHost<>(ledger, "elb-health", machine, HealthMachine.TYPES, clock);
    this.checks = new Checks(() -> states, this::check, this::checked);
  }

  /** Brings the edge to what is recorded, and begins to check. */
  public synchronized void start() {
    view = ElbTables.view(ledger);
    host.states("").forEach(states::put);
    view.loadBalancers().forEach(machines::admit);
    bring();
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

  @Override
  public View view() {
    return view;
  }

  /** The addresses of a load balancer's name; empty when it is none of ours. */
  public Optional<List<String>> addresses(String name) {
    return view.loadBalancers().stream()
        .filter(each -> each.dnsName().toLowerCase(Locale.ROOT).equals(name))
        .map(each -> List.of(each.address()))
        .findFirst();
  }

  /** Records a change, then brings everything to it; a change that the edge refuses is undone. */
  private synchronized void change(Consumer<Transaction> change) {
    View before = view;
    ledger.write(tx -> {
      change.accept(tx);
      return true;
    });
    view = ElbTables.view(ledger);
    try {
      bring();
    } catch (EsteiraException e) {
      ledger.write(tx -> {
        ElbTables.restore(tx, before);
        return true;
      });
      view = ElbTables.view(ledger);
      bring();
      throw e;
    }
  }

  private void bring() {
    projection.bring(view).forEach(this::rotate);
    for (TargetGroup group : view.targetGroups()) {
      String arn = group.arn();
      deliver(arn, new Event.Used(!view.usersOf(arn).isEmpty()));
      deliver(arn, new Event.Configured(group.check(), delaySeconds(group)));
    }
  }

  private static int delaySeconds(TargetGroup group) {
    return Integer.parseInt(group.attribute("deregistration_delay.timeout_seconds"));
  }

  private void rotate(String group) {
    if (states.containsKey(group)) {
      rotation.bring(group);
    }
  }

  @Override
  public LoadBalancer create(LoadBalancer wanted) {
    Optional<LoadBalancer> same = ElbChecks.same(view, wanted);
    if (same.isPresent()) {
      return same.get();
    }
    LoadBalancer made = wanted.at(networks.takePoolAddress(holder(wanted.arn())));
    change(tx -> {
      if (ElbChecks.same(ElbTables.view(tx), wanted).isEmpty()) {
        ElbTables.put(tx, made);
      }
    });
    machines.admit(made);
    return made;
  }

  private static String holder(String arn) {
    return "elb/" + arn.substring(arn.indexOf("loadbalancer/") + "loadbalancer/".length());
  }

  @Override
  public void update(LoadBalancer changed) {
    change(tx -> {
      ElbChecks.loadBalancer(ElbTables.view(tx), changed.arn());
      ElbTables.put(tx, changed);
    });
    machines.admit(changed);
  }

  @Override
  public void deleteLoadBalancer(String arn) {
    Optional<LoadBalancer> balancer = view.loadBalancer(arn);
    if (balancer.isEmpty()) {
      return;
    }
    if ("true".equals(balancer.get().attributes().get("deletion_protection.enabled"))) {
      throw new ElbRefused(
          "OperationNotPermitted",
          "Load balancer '" + arn + "' cannot be deleted because deletion protection is enabled");
    }
    change(tx -> ElbTables.deleteLoadBalancer(tx, arn));
    machines.dismiss(arn);
    networks.releaseAddress(holder(arn));
  }

  @Override
  public synchronized TargetGroup create(TargetGroup wanted) {
    Optional<TargetGroup> same = ElbChecks.same(view, wanted);
    if (same.isPresent()) {
      return same.get();
    }
    HealthState initial = new HealthState(wanted.check(), delaySeconds(wanted), false, Map.of());
    ledger.write(tx -> {
      ElbTables.put(tx, wanted);
      host.create(tx, wanted.arn(), initial);
      return true;
    });
    states.put(wanted.arn(), initial);
    view = ElbTables.view(ledger);
    return wanted;
  }

  @Override
  public void update(TargetGroup changed) {
    change(tx -> {
      ElbChecks.targetGroup(ElbTables.view(tx), changed.arn());
      ElbTables.put(tx, changed);
    });
  }

  @Override
  public synchronized void deleteTargetGroup(String arn) {
    change(tx -> {
      if (!ElbTables.view(tx).usersOf(arn).isEmpty()) {
        throw new ElbRefused(
            "ResourceInUse",
            "Target group '" + arn + "' is currently in use by a listener or a rule");
      }
      ElbTables.deleteTargetGroup(tx, arn);
    });
    host.forget(arn);
    states.remove(arn);
  }

  @Override
  public LoadBalancers.Listener create(LoadBalancers.Listener wanted, Rule otherwise) {
    change(tx -> {
      ElbChecks.listener(ElbTables.view(tx), wanted, true);
      ElbTables.put(tx, wanted);
      ElbChecks.rule(ElbTables.view(tx), otherwise);
      ElbTables.put(tx, otherwise);
    });
    return wanted;
  }

  @Override
  public void update(LoadBalancers.Listener changed, Rule otherwise) {
    change(tx -> {
      ElbChecks.listener(ElbTables.view(tx), changed, false);
      ElbTables.put(tx, changed);
      ElbChecks.rule(ElbTables.view(tx), otherwise);
      ElbTables.put(tx, otherwise);
    });
  }

  @Override
  public void deleteListener(String arn) {
    change(tx -> {
      ElbChecks.listener(ElbTables.view(tx), arn);
      ElbTables.deleteListener(tx, arn);
    });
  }

  @Override
  public Rule create(Rule wanted) {
    change(tx -> {
      ElbChecks.rule(ElbTables.view(tx), wanted);
      ElbTables.put(tx, wanted);
    });
    return wanted;
  }

  @Override
  public void update(List<Rule> changed) {
    change(tx -> {
      // All first, because they may swap their priorities.
      changed.forEach(each -> {
        ElbChecks.rule(ElbTables.view(tx), each.arn());
        ElbTables.put(tx, each);
      });
      changed.forEach(each -> ElbChecks.rule(ElbTables.view(tx), each));
    });
  }

  @Override
  public void deleteRule(String arn) {
    change(tx -> {
      if (ElbChecks.rule(ElbTables.view(tx), arn).isDefault()) {
        throw new ElbRefused(
            "OperationNotPermitted", "Default rule '" + arn + "' cannot be deleted");
      }
      ElbTables.deleteRule(tx, arn);
    });
  }

  @Override
  public void register(String arn, List<Target> targets) {
    ElbChecks.targetGroup(view, arn);
    deliver(arn, new Event.Registered(targets));
  }

  @Override
  public void deregister(String arn, List<Target> targets) {
    ElbChecks.targetGroup(view, arn);
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

  @Override
  public synchronized List<Described> described(String arn) {
    ElbChecks.targetGroup(view, arn);
    HealthState state = state(arn);
    List<Described> all = new ArrayList<>();
    state
        .members()
        .values()
        .forEach(each ->
            all.add(
                new Described(
                    each.target(),
                    state.check().portFor(each.target().port()),
                    state.health(each))));
    return all;
  }

  @Override
  public void register(String targetGroupArn, String instanceId) {
    TargetGroup group = ElbChecks.targetGroup(view, targetGroupArn);
    register(targetGroupArn, List.of(new Target(instanceId, group.port())));
  }

  @Override
  public void deregister(String targetGroupArn, String instanceId) {
    List<Target> present =
        state(targetGroupArn).members().values().stream()
            .map(Member::target)
            .filter(each -> each.id().equals(instanceId))
            .toList();
    deliver(targetGroupArn, new Event.Deregistered(present));
  }

  @Override
  public synchronized Optional<TargetHealth> health(String targetGroupArn, String instanceId) {
    HealthState state = states.get(targetGroupArn);
    return state == null
        ? Optional.empty()
        : state.members().values().stream()
            .filter(each -> each.target().id().equals(instanceId))
            .map(state::health)
            .findFirst();
  }

  @Override
  public void onHealth(Targets.Listener listener) {
    hearers.add(listener);
  }

  private HealthState state(String arn) {
    HealthState state = states.get(arn);
    if (state == null) {
      throw new ElbRefused("TargetGroupNotFound", "One or more target groups not found");
    }
    return state;
  }

  /** Nothing is written when nothing changes, as after most checks. */
  private synchronized void deliver(String arn, Event event) {
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

  /** Who asks for the health afterwards finds the traffic to be as it says; hands try again. */
  private void rotateNow(String arn) {
    try {
      rotate(arn);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "could not bring the targets of " + arn + " to their health yet", e);
    }
  }

  private Optional<String> address(String arn, Member member) {
    return view.targetGroup(arn)
        .flatMap(
            group -> machines.address(group.vpcId(), group.targetType(), member.target().id()));
  }

  private Outcome check(String arn, HealthState state, Member member) {
    Optional<String> address = address(arn, member);
    if (address.isEmpty()) {
      return new Outcome.Nobody("Target is in the stopped state");
    }
    String source =
        view.usersOf(arn).stream()
            .findFirst()
            .flatMap(view::loadBalancer)
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
        case Command.Rotate() -> rotate(arn);
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
        HealthState state = states.get(arn);
        Member member = state == null ? null : state.members().get(drain.key());
        if (member == null || !member.status().equals(draining)) {
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
