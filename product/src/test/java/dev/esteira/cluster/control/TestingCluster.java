package dev.esteira.cluster.control;

import dev.esteira.cluster.control.PodState.Container;
import dev.esteira.cluster.control.PodState.Exit;
import dev.esteira.cluster.control.PodState.Sandbox;
import dev.esteira.cluster.control.PodState.Stage;
import dev.esteira.cluster.control.PodState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A cluster in memory for simulations: what is durable outlives {@link #crash}, what is under way
 * does not, and the engine's containers live on by themselves.
 */
final class TestingCluster {
  record SetRecord(String name, long revision, int template, int wanted) {}

  static final class PodRecord {
    final String name;
    final String set;
    final int template;
    final Instant created;
    PodState state;
    boolean deleting;

    PodRecord(String name, String set, int template, Instant created, PodState state) {
      this.name = name;
      this.set = set;
      this.template = template;
      this.created = created;
      this.state = state;
    }
  }

  /** A command under way; {@code incarnation} tells whose process gave it. */
  record Flight(String pod, PodCommand command) {}

  final Random random;
  final RolloutMachine rollouts = new RolloutMachine();
  final PodMachine pods = new PodMachine();
  final Map<String, SetRecord> sets = new TreeMap<>();
  final Map<String, PodRecord> records = new TreeMap<>();
  final Map<String, Boolean> engine = new HashMap<>();
  final List<Flight> flights = new ArrayList<>();
  RolloutMachine.Spec spec;
  int template = 1;
  RolloutMachine.State rollout;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  double faults;
  private int names;

  TestingCluster(long seed, RolloutMachine.Spec spec) {
    this.random = new Random(seed);
    this.spec = spec;
    this.rollout = RolloutMachine.State.initial(now);
  }

  // --- controllers ---

  RolloutMachine.Observed observe() {
    List<RolloutMachine.SetView> views = new ArrayList<>();
    for (SetRecord set : sets.values()) {
      List<PodRecord> mine = ofSet(set.name());
      List<PodRecord> active = mine.stream().filter(p -> !p.deleting).toList();
      int ready = (int) active.stream().filter(p -> p.state.ready()).count();
      views.add(
          new RolloutMachine.SetView(
              set.name(),
              set.revision(),
              set.template() == template,
              set.wanted(),
              active.size(),
              mine.size() - active.size(),
              ready,
              ready));
    }
    return new RolloutMachine.Observed(spec, views);
  }

  private List<PodRecord> ofSet(String set) {
    return records.values().stream().filter(p -> p.set.equals(set)).toList();
  }

  /** One step of the rollout; {@code crashing} loses the commands after a random one. */
  void reconcileRollout(boolean crashing) {
    var step = rollouts.step(rollout, observe(), now);
    rollout = step.state();
    for (RolloutMachine.Command command : step.commands()) {
      if (crashing && random.nextBoolean()) {
        return;
      }
      apply(command);
    }
  }

  private void apply(RolloutMachine.Command command) {
    switch (command) {
      case RolloutMachine.Create c -> {
        String name = "set-" + template;
        sets.putIfAbsent(name, new SetRecord(name, c.revision(), template, c.replicas()));
      }
      case RolloutMachine.Scale c ->
          sets.computeIfPresent(
              c.name(),
              (_, s) -> new SetRecord(s.name(), s.revision(), s.template(), c.replicas()));
      case RolloutMachine.SetRevision c ->
          sets.computeIfPresent(
              c.name(), (_, s) -> new SetRecord(s.name(), c.revision(), s.template(), s.wanted()));
      case RolloutMachine.Delete c -> sets.remove(c.name());
      case RolloutMachine.CheckAt _ -> {
        // The simulation looks again all the time.
      }
    }
  }

  void reconcileSet(SetRecord set) {
    List<ReplicaPlan.PodView> views =
        ofSet(set.name()).stream()
            .filter(p -> !p.deleting && p.state.stage() == Stage.ALIVE)
            .map(p ->
                new ReplicaPlan.PodView(
                    p.name, p.state.phase().equals("Running"), p.state.ready(), 0, p.created))
            .toList();
    ReplicaPlan plan = ReplicaPlan.decide(set.wanted(), views);
    for (int i = 0; i < plan.create(); i++) {
      createPod(set);
    }
    plan.delete().forEach(this::deletePod);
  }

  private void createPod(SetRecord set) {
    Container app =
        new Container(
            "app", false, true, false, new Status.Idle(), 0, 0, 0, "", "", Optional.empty());
    PodState first =
        new PodState(Stage.ALIVE, "Always", new Sandbox.Making(0), List.of(app), now, 30);
    String name = set.name() + "-" + names++;
    var step = pods.begin(first, now);
    records.put(name, new PodRecord(name, set.name(), set.template(), now, step.state()));
    step.commands().forEach(c -> flights.add(new Flight(name, c)));
  }

  void deletePod(String name) {
    PodRecord pod = records.get(name);
    if (pod != null && !pod.deleting) {
      pod.deleting = true;
      tell(name, new PodEvent.Delete(30));
    }
  }

  void tell(String name, PodEvent event) {
    PodRecord pod = records.get(name);
    if (pod != null) {
      var step = pods.step(pod.state, event, now);
      pod.state = step.state();
      step.commands().forEach(c -> flights.add(new Flight(name, c)));
    }
  }

  // --- hands ---

  /** Carries out a random command under way, if it can end now. */
  void act(boolean tellNobody) {
    if (flights.isEmpty()) {
      return;
    }
    Flight flight = flights.get(random.nextInt(flights.size()));
    Optional<PodEvent> answer = carryOut(flight);
    if (answer.isPresent()) {
      if (!(answer.get() instanceof PodEvent.Readiness)) {
        flights.remove(flight);
      }
      if (!tellNobody) {
        tell(flight.pod(), answer.get());
      }
    }
  }

  private Optional<PodEvent> carryOut(Flight flight) {
    String pod = flight.pod();
    return switch (flight.command()) {
      case PodCommand.MakeSandbox c -> makeSandbox(pod, c);
      case PodCommand.WatchSandbox c ->
          engine.getOrDefault(pod + "/holder/" + c.attempt(), false)
              ? Optional.empty()
              : Optional.of(new PodEvent.SandboxGone(c.attempt()));
      case PodCommand.RemoveSandbox _ -> Optional.empty();
      case PodCommand.EnsureImage c ->
          fault()
              ? Optional.of(
                  new PodEvent.ImageFailed(c.container(), c.attempt(), "ErrImagePull", "no", true))
              : Optional.of(
                  new PodEvent.ImageReady(c.container(), c.attempt(), "sha256:1", "sha256:2"));
      case PodCommand.Run c -> run(pod, c);
      case PodCommand.Watch c -> watch(pod, c);
      case PodCommand.Stop c -> {
        engine.computeIfPresent(pod + "/app/" + c.attempt(), (_, _) -> false);
        flights.remove(flight);
        yield Optional.empty();
      }
      case PodCommand.Drain _ -> Optional.of(new PodEvent.Drained());
      case PodCommand.Remove _ -> remove(pod);
      case PodCommand.Forget _ -> {
        records.remove(pod);
        flights.removeIf(f -> f.pod().equals(pod));
        yield Optional.empty();
      }
      case PodCommand.WakeAt c ->
          now.isBefore(c.at()) ? Optional.empty() : Optional.of(new PodEvent.Tick());
    };
  }

  private Optional<PodEvent> makeSandbox(String pod, PodCommand.MakeSandbox c) {
    if (fault()) {
      return Optional.of(new PodEvent.SandboxFailed(c.attempt(), "no"));
    }
    engine.keySet().removeIf(k -> k.startsWith(pod + "/holder/") && !k.endsWith("/" + c.attempt()));
    engine.put(pod + "/holder/" + c.attempt(), true);
    return Optional.of(new PodEvent.SandboxUp(c.attempt(), pod + "/holder/" + c.attempt(), "ip"));
  }

  private Optional<PodEvent> run(String pod, PodCommand.Run c) {
    if (fault()) {
      return Optional.of(
          new PodEvent.StartFailed(c.container(), c.attempt(), "RunContainerError", "no", false));
    }
    // The one before stays for its log, ended; older ones go.
    engine
        .keySet()
        .removeIf(k ->
            k.startsWith(pod + "/app/")
                && Integer.parseInt(k.substring(k.lastIndexOf('/') + 1)) < c.attempt() - 1);
    engine.computeIfPresent(pod + "/app/" + (c.attempt() - 1), (_, _) -> false);
    engine.putIfAbsent(pod + "/app/" + c.attempt(), true);
    return Optional.of(
        new PodEvent.Started(c.container(), c.attempt(), pod + "/app/" + c.attempt(), now));
  }

  private Optional<PodEvent> watch(String pod, PodCommand.Watch c) {
    if (engine.getOrDefault(pod + "/app/" + c.attempt(), false)) {
      return Optional.of(new PodEvent.Readiness(c.container(), c.attempt(), true));
    }
    Exit exit = new Exit(c.id(), 137, "Error", "", now, now);
    return Optional.of(new PodEvent.Exited(c.container(), c.attempt(), exit));
  }

  /** Waits for what still makes things; so do the real hands. */
  private Optional<PodEvent> remove(String pod) {
    boolean making =
        flights.stream()
            .anyMatch(f ->
                f.pod().equals(pod)
                    && (f.command() instanceof PodCommand.MakeSandbox
                        || f.command() instanceof PodCommand.Run));
    if (making) {
      return Optional.empty();
    }
    engine.keySet().removeIf(k -> k.startsWith(pod + "/"));
    return Optional.of(new PodEvent.Removed());
  }

  private boolean fault() {
    return random.nextDouble() < faults;
  }

  /** The process dies, perhaps after the engine did something that nobody heard of; and returns. */
  void crash() {
    for (int i = random.nextInt(3); i > 0; i--) {
      act(true);
    }
    flights.clear();
    records.forEach(
        (name, pod) -> PodNeeds.of(pod.state).forEach(c -> flights.add(new Flight(name, c))));
    engine.keySet().removeIf(k -> !records.containsKey(k.substring(0, k.indexOf('/'))));
  }

  void killSomething() {
    List<String> running =
        engine.entrySet().stream()
            .filter(Map.Entry::getValue)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (!running.isEmpty()) {
      engine.put(running.get(random.nextInt(running.size())), false);
    }
  }

  // --- what can be checked ---

  long active() {
    return records.values().stream().filter(p -> !p.deleting).count();
  }

  long readyPods() {
    return records.values().stream().filter(p -> !p.deleting && p.state.ready()).count();
  }

  boolean converged() {
    return rollout.progress() == RolloutMachine.Progress.COMPLETE
        && records.size() == spec.replicas()
        && records.values().stream().allMatch(p -> p.template == template && p.state.ready());
  }

  long runningContainers() {
    return engine.values().stream().filter(r -> r).count();
  }
}
