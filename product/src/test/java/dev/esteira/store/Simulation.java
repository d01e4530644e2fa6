package dev.esteira.store;

import dev.esteira.store.MachineHost.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Drives one machine through seeded histories as {@link MachineHost} would, with crashes before, in
 * the midst of and after everything that hands do, with faults, and with commands carried out
 * twice. Nothing here waits or uses threads: thousands of histories take a second, and a seed that
 * fails replays exactly.
 *
 * <pre>
 * new Simulation<>(machine, types, World::new)
 *     .begin(new Queued(), List.of(new Begin(), new Cancel()))
 *     .always(state -> ...)
 *     .atRest((state, world) -> ...)
 *     .run(2_000);
 * </pre>
 *
 * @param <W> the outside world: it outlives the crashes, and carrying out a command twice there
 *     must come to the same
 */
public final class Simulation<S, E, C, W extends Simulation.World<E, C>> {
  private static final int STEPS_MAX = 2_000;
  private static final int TRACE_MAX = 60;
  private static final int ATTEMPTS_MAX = 8;

  /** Where commands have their effects. */
  public interface World<E, C> {
    /** Carries out the command and gives the events that the hands deliver for it. */
    List<E> carryOut(C command, Random random);
  }

  private final Machine<S, E, C> machine;
  private final Types<S, E, C> types;
  private final Supplier<W> worlds;
  private Optional<S> initial = Optional.empty();
  private List<E> stimuli = List.of();
  private Consumer<S> always = state -> {};
  private BiConsumer<S, W> atRest = (state, world) -> {};
  private Function<C, String> lane = command -> "";
  private BiFunction<C, Integer, Optional<E>> gaveUp = (command, attempts) -> Optional.empty();
  private int troublePercent = 30;

  public Simulation(Machine<S, E, C> machine, Types<S, E, C> types, Supplier<W> worlds) {
    this.machine = machine;
    this.types = types;
    this.worlds = worlds;
  }

  /** The first state, and events from outside, which come in this order at any times. */
  public Simulation<S, E, C, W> begin(S state, List<E> events) {
    initial = Optional.of(state);
    stimuli = List.copyOf(events);
    return this;
  }

  /** What holds after each step; throws an AssertionError otherwise. */
  public Simulation<S, E, C, W> always(Consumer<S> check) {
    always = check;
    return this;
  }

  /** What holds once nothing is left to do. */
  public Simulation<S, E, C, W> atRest(BiConsumer<S, W> check) {
    atRest = check;
    return this;
  }

  /** As {@link Hands#lane}. */
  public Simulation<S, E, C, W> lanes(Function<C, String> lanes) {
    lane = lanes;
    return this;
  }

  /** The event that the hands deliver when a command failed too often, as {@link Hands#gaveUp}. */
  public Simulation<S, E, C, W> gaveUp(BiFunction<C, Integer, Optional<E>> event) {
    gaveUp = event;
    return this;
  }

  /** How often something goes wrong: of a hundred commands, this many crash or fail. */
  public Simulation<S, E, C, W> trouble(int percent) {
    troublePercent = percent;
    return this;
  }

  /** Runs the seeds 0 to {@code seeds - 1}. */
  public void run(int seeds) {
    for (long seed = 0; seed < seeds; seed++) {
      replay(seed);
    }
  }

  /** Runs one seed. */
  public void replay(long seed) {
    History history = new History(seed);
    try {
      history.play();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed %d: %s%n  %s".formatted(seed, e.getMessage(), String.join("\n  ", history.trace)),
          e);
    }
  }

  private record Due(Instant at, String event) {}

  private final class History {
    private final Random random;
    private final W world = worlds.get();
    private final Deque<E> coming = new ArrayDeque<>(stimuli);
    private final Map<Long, String> outbox = new LinkedHashMap<>();
    private final Map<Long, Integer> attempts = new LinkedHashMap<>();
    private final Map<String, Due> timers = new LinkedHashMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private String state = StateJson.write(initial.orElseThrow());
    private long commands;

    History(long seed) {
      this.random = new Random(seed);
    }

    void play() {
      for (int step = 0; step < STEPS_MAX; step++) {
        now = now.plus(Duration.ofMillis(random.nextInt(50)));
        List<Runnable> possible = new ArrayList<>();
        if (!coming.isEmpty()) {
          possible.add(() -> deliver(coming.remove(), "from outside"));
        }
        heads().forEach((id, command) -> possible.add(() -> act(id, command)));
        if (!timers.isEmpty()) {
          possible.add(this::fire);
        }
        if (possible.isEmpty()) {
          atRest.accept(current(), world);
          return;
        }
        possible.get(random.nextInt(possible.size())).run();
      }
      throw new AssertionError("did not come to rest within " + STEPS_MAX + " steps");
    }

    /** The first open command of each lane. */
    private Map<Long, C> heads() {
      Map<String, Long> lanes = new LinkedHashMap<>();
      Map<Long, C> heads = new LinkedHashMap<>();
      outbox.forEach((id, body) -> {
        C command = StateJson.read(body, types.command());
        if (lanes.putIfAbsent(lane.apply(command), id) == null) {
          heads.put(id, command);
        }
      });
      return heads;
    }

    private S current() {
      return StateJson.read(state, types.state());
    }

    private void deliver(E event, String why) {
      E read = StateJson.read(StateJson.write(event), types.event());
      Machine.Step<S, C> step = machine.step(current(), read, now);
      state = StateJson.write(step.state());
      note(why + ": " + event + " -> " + step.state() + " " + step.commands());
      for (C command : step.commands()) {
        if (command instanceof Timer<?> timer) {
          timers.put(timer.timer(), new Due(timer.due(), StateJson.write(timer.event())));
        } else {
          outbox.put(commands++, StateJson.write(command));
        }
      }
      always.accept(current());
    }

    private void act(long id, C command) {
      boolean trouble = random.nextInt(100) < troublePercent;
      int kind = random.nextInt(4);
      if (trouble && kind == 0) {
        note("crash before " + command);
        attempts.clear();
        return;
      }
      if (trouble && kind == 1) {
        fail(id, command);
        return;
      }
      List<E> events = world.carryOut(command, random);
      int delivered = trouble ? random.nextInt(events.size() + 1) : events.size();
      events.subList(0, delivered).forEach(event -> deliver(event, "from " + command));
      if (trouble) {
        note("crash after " + command + " and " + delivered + " of " + events.size() + " events");
        attempts.clear();
      } else {
        outbox.remove(id);
      }
    }

    private void fail(long id, C command) {
      int failed = attempts.merge(id, 1, Integer::sum);
      note("fault " + failed + " in " + command);
      if (failed >= ATTEMPTS_MAX) {
        gaveUp.apply(command, failed).ifPresent(event -> deliver(event, "gave up " + command));
        outbox.remove(id);
      }
    }

    private void fire() {
      Map.Entry<String, Due> first =
          timers.entrySet().stream()
              .min(Map.Entry.comparingByValue((a, b) -> a.at().compareTo(b.at())))
              .orElseThrow();
      timers.remove(first.getKey());
      now = first.getValue().at().isAfter(now) ? first.getValue().at() : now;
      deliver(StateJson.read(first.getValue().event(), types.event()), "timer " + first.getKey());
    }

    private void note(String what) {
      trace.add(what);
      if (trace.size() > TRACE_MAX) {
        trace.remove();
      }
    }
  }
}
