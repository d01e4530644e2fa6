package dev.esteira.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Sandboxes that go on by themselves while the process that started them dies and comes back. Each
 * executes its steps one after another and remembers that it did.
 */
final class SimulatedWorld {
  private static final int STEPS = 3;

  private final Random random;
  private final Map<String, Sandbox> sandboxes = new TreeMap<>();

  /** How often each step of each attempt was executed, ever. */
  final Map<String, Integer> executed = new TreeMap<>();

  SimulatedWorld(Random random) {
    this.random = random;
  }

  /** One attempt of one job. */
  static final class Sandbox {
    final String jobId;
    final int attempt;
    final List<JobEvent> told = new ArrayList<>();
    private int step;
    private boolean cancelled;
    private boolean over;

    Sandbox(String jobId, int attempt) {
      this.jobId = jobId;
      this.attempt = attempt;
      told.add(new JobEvent.Started(attempt));
    }
  }

  /** Idempotent, as the runner's start is. */
  void start(String jobId, int attempt) {
    sandboxes.computeIfAbsent(key(jobId, attempt), key -> new Sandbox(jobId, attempt));
  }

  void cancel(String jobId, int attempt) {
    Sandbox sandbox = sandboxes.get(key(jobId, attempt));
    if (sandbox != null) {
      sandbox.cancelled = true;
    }
  }

  void cleanUp(String jobId, int attempt) {
    sandboxes.remove(key(jobId, attempt));
  }

  boolean empty() {
    return sandboxes.isEmpty();
  }

  Optional<Sandbox> any() {
    List<Sandbox> all =
        sandboxes.values().stream().sorted(Comparator.comparing(s -> s.jobId)).toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  /** Lets a sandbox do its next thing; with {@code faults} it may vanish or fail. */
  void advance(Sandbox sandbox, boolean faults) {
    int attempt = sandbox.attempt;
    if (sandbox.over) {
      return;
    }
    if (sandbox.cancelled) {
      end(sandbox, new JobEvent.Ended(attempt, "cancelled"));
    } else if (faults && random.nextInt(20) == 0) {
      end(sandbox, new JobEvent.SystemFailure(attempt, "the sandbox vanished"));
    } else if (sandbox.step == STEPS) {
      end(sandbox, new JobEvent.Ended(attempt, ""));
    } else {
      int index = sandbox.step++;
      executed.merge(key(sandbox.jobId, attempt) + "#" + index, 1, Integer::sum);
      int exit = random.nextInt(15) == 0 ? (random.nextBoolean() ? 7 : 1) : 0;
      sandbox.told.add(new JobEvent.StepStarted(attempt, index, "build", "step " + index));
      sandbox.told.add(new JobEvent.StepEnded(attempt, index, exit));
      if (exit != 0) {
        end(sandbox, new JobEvent.Ended(attempt, "step " + index + " exited with " + exit));
      }
    }
  }

  private static void end(Sandbox sandbox, JobEvent event) {
    sandbox.over = true;
    sandbox.told.add(event);
  }

  static String key(String jobId, int attempt) {
    return jobId + "/" + attempt;
  }
}
