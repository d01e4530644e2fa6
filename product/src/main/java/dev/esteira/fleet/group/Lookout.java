package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import dev.esteira.fleet.Instances;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells groups how their instances and targets are. One thread reads and tells, so that an older
 * look never comes after a newer one. It looks when it is told to, and at everything now and then,
 * because whoever tells may have been restarted.
 */
final class Lookout implements AutoCloseable {
  private static final long SWEEP_MILLIS = 5_000;
  private static final long DRAINING_MILLIS = 500;
  private static final long CPU_MILLIS = 15_000;
  private static final int WAITING_MAX = 10_000;
  private static final Logger LOG = System.getLogger(Lookout.class.getName());

  private final Groups.Parts parts;
  private final Tell tell;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> waiting = new LinkedHashSet<>();
  private volatile boolean closing;
  private boolean sweepNow = true;
  private @Nullable Thread thread;

  /** The groups, as far as this needs them. */
  interface Tell {
    Map<String, GroupState> groups();

    void deliver(String group, GroupEvent event);
  }

  Lookout(Groups.Parts parts, Tell tell) {
    this.parts = parts;
    this.tell = tell;
  }

  void start() {
    thread = Thread.ofVirtual().name("groups-lookout").start(this::run);
  }

  /** Looks at an instance soon. */
  void look(String instanceId) {
    lock.lock();
    try {
      if (waiting.size() < WAITING_MAX) {
        waiting.add(instanceId);
      } else {
        sweepNow = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long sinceSweepMillis = 0;
    long sinceCpuMillis = 0;
    while (!closing) {
      try {
        boolean draining = tell.groups().values().stream().anyMatch(Lookout::drains);
        long pauseMillis = draining ? DRAINING_MILLIS : SWEEP_MILLIS;
        Optional<String> next = next(pauseMillis);
        if (next.isPresent()) {
          lookAt(next.get());
          continue;
        }
        sinceSweepMillis += pauseMillis;
        sinceCpuMillis += pauseMillis;
        if (sinceCpuMillis >= CPU_MILLIS) {
          sinceCpuMillis = 0;
          measure();
        }
        if (draining) {
          tell.groups().values().stream()
              .filter(Lookout::drains)
              .flatMap(group -> group.members().stream())
              .filter(member -> member.lifecycle().terminating())
              .forEach(member -> lookAt(member.id()));
        }
        if (takeSweepNow() || sinceSweepMillis >= SWEEP_MILLIS) {
          sinceSweepMillis = 0;
          sweep();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!closing) {
          LOG.log(Level.WARNING, "could not look at the instances of groups; again soon", e);
        }
      }
    }
  }

  private static boolean drains(GroupState group) {
    return group.members().stream().anyMatch(m -> m.lifecycle() == Lifecycle.TERMINATING);
  }

  private Optional<String> next(long waitMillis) throws InterruptedException {
    lock.lock();
    try {
      long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
      while (waiting.isEmpty() && !sweepNow && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      Optional<String> first = waiting.stream().findFirst();
      first.ifPresent(waiting::remove);
      return first;
    } finally {
      lock.unlock();
    }
  }

  private boolean takeSweepNow() {
    lock.lock();
    try {
      boolean was = sweepNow;
      sweepNow = false;
      return was;
    } finally {
      lock.unlock();
    }
  }

  /** Everything: members, and instances that say they are members. */
  void sweep() {
    Map<String, GroupState> groups = tell.groups();
    for (Instances.Instance instance : parts.instances().all()) {
      GroupState group = groups.get(instance.tags().getOrDefault(Groups.TAG, ""));
      boolean alive =
          instance.state() == Instances.State.PENDING
              || instance.state() == Instances.State.RUNNING;
      if (group != null && alive && group.member(instance.id()).isEmpty()) {
        tell.deliver(group.name(), new GroupEvent.Found(instance.id()));
      }
    }
    groups.values().stream()
        .flatMap(group -> group.members().stream())
        .flatMap(member -> member.instanceId().stream())
        .forEach(this::lookAt);
  }

  /** Asks how busy the members are, of groups that want to know. */
  void measure() {
    for (GroupState group : tell.groups().values()) {
      if (group.policies().stream().noneMatch(policy -> policy.target().isPresent())) {
        continue;
      }
      Map<String, Double> percent = new HashMap<>();
      for (Member member : group.members()) {
        if (member.lifecycle() == Lifecycle.IN_SERVICE) {
          String id = member.id();
          parts.cpu().percent(id).ifPresent(busy -> percent.put(id, busy));
        }
      }
      if (!percent.isEmpty()) {
        tell.deliver(group.name(), new GroupRequest.CpuMeasured(percent));
      }
    }
  }

  /** Reads an instance and its targets, and tells its group when something is new. */
  void lookAt(String instanceId) {
    for (GroupState group : tell.groups().values()) {
      Optional<Member> found = group.member(instanceId);
      if (found.isEmpty()) {
        continue;
      }
      Member member = found.get();
      GroupEvent.Seen seen =
          parts
              .instances()
              .instance(instanceId)
              .map(now -> new GroupEvent.Seen(instanceId, now.state(), now.healthy()))
              .orElse(new GroupEvent.Seen(instanceId, Instances.State.TERMINATED, false));
      boolean broken = seen.state() == Instances.State.RUNNING && !seen.healthy();
      if (seen.state() != member.health().state() || (broken && member.health().healthy())) {
        tell.deliver(group.name(), seen);
      }
      for (Map.Entry<String, Targets.Health> target : member.targets().entrySet()) {
        GroupEvent.TargetSeen how = GroupHands.target(parts.targets(), target.getKey(), instanceId);
        if (isNew(member, target.getValue(), how.health())) {
          tell.deliver(group.name(), how);
        }
      }
    }
  }

  private static boolean isNew(Member member, Targets.Health known, Optional<Targets.Health> now) {
    if (now.isPresent()) {
      return now.get() != known;
    }
    return !member.lifecycle().counts()
        || (known != Targets.Health.INITIAL && known != Targets.Health.UNUSED);
  }

  @Override
  public void close() {
    closing = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
