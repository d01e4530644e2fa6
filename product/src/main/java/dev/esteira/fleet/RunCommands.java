package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.store.Ledger;
import dev.esteira.store.MachineHost;
import dev.esteira.store.StateJson;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Shell scripts that are run in instances from outside, what Systems Manager calls Run Command.
 * Durable: a script that runs while the house ends is found again. Thread-safe.
 */
public final class RunCommands implements AutoCloseable {
  private static final String COMMANDS = "run-command";
  private static final String INVOCATIONS = "run-invocation";
  private static final int COMMANDS_MAX = 1_000;
  private static final Duration KEPT = Duration.ofDays(30);

  /** Longer ones would not fit into one word of a command line. */
  public static final int SCRIPT_BYTES_MAX = 100_000;

  private static final MachineHost.Retry RETRY = new MachineHost.Retry(4, 300, 3_000);

  /**
   * A command to some instances.
   *
   * @param asked the call as it came, for whoever shows it again
   */
  public record Command(String id, String asked, Instant askedAt, List<String> instanceIds) {
    public Command {
      instanceIds = List.copyOf(instanceIds);
    }
  }

  /** What is to be run. */
  public record Script(String text, String workingDirectory, int limitSeconds) {
    public Script {
      if (text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > SCRIPT_BYTES_MAX) {
        throw EsteiraException.invalid("a script has at most " + SCRIPT_BYTES_MAX + " bytes");
      }
    }
  }

  private final Ground ground;
  private final Ledger ledger;
  private final InstantSource clock;
  private final MachineHost<Invocation, InvocationMachine.Event, InvocationMachine.Command> host;

  RunCommands(Ground ground) {
    this.ground = ground;
    this.ledger = ground.ledger();
    this.clock = ground.clock();
    this.host =
        new MachineHost<>(
            ledger,
            INVOCATIONS,
            new InvocationMachine(),
            new MachineHost.Types<>(
                Invocation.class, InvocationMachine.Event.class, InvocationMachine.Command.class),
            clock,
            RETRY);
  }

  void start() {
    host.start(new RunHands(ground, this));
  }

  /** Begins a command; durable when it returns. {@code asked} is kept as it is. */
  public Command send(Script script, List<String> instanceIds, String asked) {
    forgetOld();
    String id = Ids.uuid();
    Command command = new Command(id, asked, clock.instant(), instanceIds);
    ledger.write(tx -> {
      tx.put(COMMANDS, id, StateJson.write(command));
      for (String instance : instanceIds) {
        Invocation fresh = fresh(command, instance, script);
        host.create(tx, fresh.key(), fresh);
        host.deliver(tx, fresh.key(), new InvocationMachine.Asked());
      }
      return true;
    });
    return command;
  }

  private static Invocation fresh(Command command, String instance, Script script) {
    return new Invocation(
        command.id(),
        instance,
        script.text(),
        script.workingDirectory(),
        script.limitSeconds(),
        Invocation.Status.IN_PROGRESS,
        command.askedAt(),
        Optional.empty(),
        Optional.empty(),
        "",
        "");
  }

  private void forgetOld() {
    List<Command> all = commands();
    Instant before = clock.instant().minus(KEPT);
    for (int i = 0; i < all.size(); i++) {
      Command each = all.get(i);
      boolean old = each.askedAt().isBefore(before) || i >= COMMANDS_MAX - 1;
      if (old && of(each).stream().allMatch(Invocation::ended)) {
        of(each).forEach(invocation -> host.forget(invocation.key()));
        ledger.write(tx -> tx.delete(COMMANDS, each.id()));
      }
    }
  }

  /** All that are known, the latest first. */
  public List<Command> commands() {
    return ledger.list(COMMANDS, "").stream()
        .map(stored -> StateJson.read(stored.body(), Command.class))
        .sorted(Comparator.comparing(Command::askedAt).thenComparing(Command::id).reversed())
        .toList();
  }

  public Optional<Command> command(String id) {
    return ledger.get(COMMANDS, id).map(stored -> StateJson.read(stored.body(), Command.class));
  }

  /** What came of it so far, by instance. */
  public Collection<Invocation> of(Command command) {
    return host.states(command.id() + "/").values();
  }

  public Optional<Invocation> invocation(String commandId, String instanceId) {
    return invocation(commandId + "/" + instanceId);
  }

  Optional<Invocation> invocation(String key) {
    return host.state(key);
  }

  /** Stops what has not ended of it, on these instances. */
  public void cancel(Command command, List<String> instanceIds) {
    for (Invocation each : of(command)) {
      if (instanceIds.isEmpty() || instanceIds.contains(each.instanceId())) {
        deliver(each.key(), new InvocationMachine.CancelAsked());
      }
    }
  }

  void deliver(String key, InvocationMachine.Event event) {
    host.deliver(key, event);
  }

  @Override
  public void close() {
    host.close();
  }
}
