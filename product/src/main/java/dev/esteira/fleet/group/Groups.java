package dev.esteira.fleet.group;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import dev.esteira.store.Ledger;
import dev.esteira.store.MachineHost;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;

/**
 * The Auto Scaling groups of a home, and the launch configurations and templates that they launch
 * from. Each group is a durable state machine that goes on after a restart. Thread-safe.
 */
public final class Groups implements AutoCloseable {
  /** What a group does by itself, and what can be suspended. */
  public static final List<String> PROCESSES = Requests.PROCESSES;

  static final String TAG = "aws:autoscaling:groupName";
  private static final String KIND = "scaling-group";

  /**
   * What groups work with.
   *
   * @param addresses brings the elastic address of the first instance to the second, if it has one
   * @param cpu what the processors of an instance are busy with, in percent; empty when not known
   */
  public record Parts(
      Ledger ledger,
      Instances instances,
      Targets targets,
      BiConsumer<String, String> addresses,
      CpuMeter cpu,
      InstantSource clock) {}

  /** How busy instances are. */
  @FunctionalInterface
  public interface CpuMeter {
    OptionalDouble percent(String instanceId);
  }

  private final Parts parts;
  private final MachineHost<GroupState, GroupEvent, GroupCommand> host;
  private final LaunchConfigurations configurations;
  private final LaunchTemplates templates;
  private final Activities activities;
  private final Lookout lookout;

  public Groups(Parts parts) {
    this.parts = parts;
    this.host =
        new MachineHost<>(
            parts.ledger(), KIND, new GroupMachine(), GroupMachine.TYPES, parts.clock());
    this.configurations = new LaunchConfigurations(parts.ledger(), this::uses);
    this.templates = new LaunchTemplates(parts.ledger(), parts.clock());
    this.activities = new Activities(parts.ledger());
    this.lookout = new Lookout(parts, new Telling());
  }

  /** Goes on with what was, and listens. */
  public void start() {
    Recipes recipes = new Recipes(configurations, templates);
    host.start(new GroupHands(parts, recipes, activities, new Reporting()));
    parts.instances().onChange(instance -> lookout.look(instance.id()));
    parts.instances().onTerminateAsked(this::takesOver);
    parts.targets().onHealth((arn, instanceId, health) -> lookout.look(instanceId));
    lookout.start();
  }

  public LaunchConfigurations launchConfigurations() {
    return configurations;
  }

  public LaunchTemplates launchTemplates() {
    return templates;
  }

  /** Makes a group, which begins at once; {@code CONFLICT} when the name is taken. */
  public GroupState create(GroupSettings settings, int desired, List<Hook> hooks) {
    if (desired < settings.min() || desired > settings.max()) {
      throw EsteiraException.invalid(
          "Desired capacity:%d must be between the specified min size:%d and max size:%d"
              .formatted(desired, settings.min(), settings.max()));
    }
    GroupState initial =
        new GroupState(
            settings,
            Ids.hex(8),
            parts.clock().instant(),
            desired,
            List.of(),
            hooks,
            List.of(),
            List.of(),
            List.of(),
            false,
            GroupState.Book.NEW,
            List.of());
    return parts
        .ledger()
        .write(tx -> {
          host.create(tx, settings.name(), initial);
          return host.deliver(tx, settings.name(), new GroupRequest.Begin());
        });
  }

  /** Asks something of a group; durable when it returns. What breaks a rule is refused. */
  public GroupState ask(String name, GroupRequest request) {
    return host.deliver(name, request);
  }

  public Optional<GroupState> group(String name) {
    return host.state(name);
  }

  public List<GroupState> all() {
    return List.copyOf(host.states("").values());
  }

  /** The group that an instance is a member of. */
  public Optional<GroupState> groupOf(String instanceId) {
    return all().stream().filter(group -> group.member(instanceId).isPresent()).findFirst();
  }

  /** Where a member is being brought, such as {@code Terminated}; empty for no member. */
  public Optional<String> targetLifecycle(String instanceId) {
    return groupOf(instanceId)
        .flatMap(group -> group.member(instanceId))
        .map(member -> member.lifecycle().target());
  }

  /** What groups did, the latest first; of all groups when {@code name} is empty. */
  public List<Activity> activities(String name) {
    return activities.of(name);
  }

  /** An instance as it is, for those that show groups. */
  public Optional<Instances.Instance> instance(String id) {
    return parts.instances().instance(id);
  }

  /** The instant by the clock of the groups. */
  public Instant now() {
    return parts.clock().instant();
  }

  private boolean uses(String configuration) {
    return all().stream()
        .anyMatch(group ->
            group.settings().source().equals(new LaunchSource.Configuration(configuration)));
  }

  /** A group that replaces first ends its member itself. */
  private boolean takesOver(Instances.Instance instance) {
    Optional<GroupState> group = groupOf(instance.id());
    if (group.isEmpty() || !group.get().settings().replaceFirst()) {
      return false;
    }
    try {
      ask(group.get().name(), new GroupRequest.ReplaceFirst(instance.id()));
      return true;
    } catch (EsteiraException e) {
      return false;
    }
  }

  /** Forgets a group that has nothing left. */
  public void forget(String name) {
    if (group(name).filter(group -> group.deleting() && group.members().isEmpty()).isPresent()) {
      host.forget(name);
    }
  }

  /** Waits until no command is open, for tests. */
  boolean awaitIdle(long waitMillis) throws InterruptedException {
    return host.awaitIdle(waitMillis);
  }

  /** What the timers would do now, for tests that crank by hand. */
  int crank() {
    return host.crank();
  }

  @Override
  public void close() {
    lookout.close();
    host.close();
  }

  private void deliver(String group, GroupEvent event) {
    try {
      host.deliver(group, event);
    } catch (EsteiraException e) {
      // The group may have been deleted meanwhile.
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  private final class Telling implements Lookout.Tell {
    @Override
    public Map<String, GroupState> groups() {
      return host.states("");
    }

    @Override
    public void deliver(String group, GroupEvent event) {
      Groups.this.deliver(group, event);
    }
  }

  private final class Reporting implements GroupHands.Back {
    @Override
    public void deliver(String group, GroupEvent event) {
      Groups.this.deliver(group, event);
    }

    @Override
    public boolean awaits(String group, long slot) {
      return group(group)
          .filter(state ->
              state.members().stream()
                  .anyMatch(m -> m.slot() == slot && m.lifecycle() == Lifecycle.REQUESTED))
          .isPresent();
    }

    @Override
    public void look(String instanceId) {
      lookout.look(instanceId);
    }

    @Override
    public void forget(String group) {
      Groups.this.forget(group);
    }
  }
}
