package dev.esteira.cluster.control;

import dev.esteira.edge.Edge;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the balancers' targets in step with the pods. A pod is a target only between {@link #allow}
 * and the next {@link #drop} or {@link #drain}, whatever older news of it says.
 */
final class ServiceEdges implements ServiceTraffic {
  /** How the ids of services begin: then namespace, name and port follow. */
  static final String SERVICES = "service/";

  /** How the ids of an Ingress's groups begin: its namespace, its name, service and port. */
  static final String INGRESSES = "ingress/";

  private static final long LEAVE_MILLIS = 10_000;

  /** How long the balancer may take to notice that a server is dead. */
  private static final long DEAD_MILLIS = 200;

  private final Edge edge;

  /** A pod that just became ready may not be a target yet: so long one that leaves waits for it. */
  private static final long SUCCESSOR_MILLIS = 1_000;

  private final InstantSource clock;

  /** Since when. */
  private final Map<String, Instant> allowed = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();

  /** By service id, then by target id. */
  private final Map<String, Map<String, Edge.Target>> targets = new HashMap<>();

  /** As the balancers have them: a service that did not change need not be told again. */
  private final Map<String, Edge.Service> services = new HashMap<>();

  /** {@code SERVICE TARGET} that still have requests under way. */
  private final Set<String> draining = new HashSet<>();

  ServiceEdges(Edge edge, InstantSource clock) {
    this.edge = edge;
    this.clock = clock;
  }

  /** Reads what the balancers have; before anything else. */
  void resume() {
    lock.lock();
    try {
      for (Edge.Service service : edge.services()) {
        if (service.id().startsWith(SERVICES) || service.id().startsWith(INGRESSES)) {
          Map<String, Edge.Target> known = new HashMap<>();
          List<String> resting = edge.resting(service.id());
          for (Edge.TargetState t : edge.targets(service.id())) {
            if (resting.contains(t.id())) {
              // It was about to go; should it be wanted again, it is added anew.
              draining.add(service.id() + " " + t.id());
              Thread.ofVirtual().start(() -> end(service.id(), t.id(), DEAD_MILLIS));
            } else {
              known.put(t.id(), new Edge.Target(t.id(), t.address(), t.port()));
            }
          }
          targets.put(service.id(), known);
          services.put(service.id(), service);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The ids of all services that the balancers have. */
  List<String> ids() {
    lock.lock();
    try {
      return List.copyOf(targets.keySet());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes the service and gives it these targets. False when one has to wait until it is drained:
   * call again.
   */
  boolean sync(Edge.Service service, Map<String, Edge.Target> wanted) {
    List<String> leaving = new ArrayList<>();
    boolean whole = true;
    lock.lock();
    try {
      if (!service.equals(services.get(service.id()))) {
        edge.put(service);
        services.put(service.id(), service);
      }
      Map<String, Edge.Target> has = targets.computeIfAbsent(service.id(), _ -> new HashMap<>());
      for (Edge.Target target : wanted.values()) {
        if (!allowed.containsKey(target.id()) || target.equals(has.get(target.id()))) {
          continue;
        }
        if (draining.contains(service.id() + " " + target.id())) {
          whole = false;
          continue;
        }
        if (has.containsKey(target.id())) {
          edge.drop(service.id(), target.id());
        }
        edge.add(service.id(), target);
        has.put(target.id(), target);
        added.signalAll();
      }
      has.keySet().stream().filter(id -> !wanted.containsKey(id)).forEach(leaving::add);
    } finally {
      lock.unlock();
    }
    leaving.forEach(id -> Thread.ofVirtual().start(() -> drain(service.id(), id, LEAVE_MILLIS)));
    return whole;
  }

  void remove(String serviceId) {
    lock.lock();
    try {
      targets.remove(serviceId);
      services.remove(serviceId);
      edge.remove(serviceId);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void allow(String podUid) {
    allowed.put(podUid, clock.instant());
  }

  boolean allows(String podUid) {
    return allowed.containsKey(podUid);
  }

  /**
   * Requests under way are the balancer's to send elsewhere when it hears of the death, which may
   * be later than here: they are cut off only after a moment.
   */
  @Override
  public void drop(String podUid) {
    List<String> services = new ArrayList<>();
    lock.lock();
    try {
      allowed.remove(podUid);
      targets.forEach((service, has) -> {
        if (has.remove(podUid) != null) {
          draining.add(service + " " + podUid);
          services.add(service);
        }
      });
    } finally {
      lock.unlock();
    }
    try {
      services.forEach(service -> edge.rest(service, podUid));
    } finally {
      services.forEach(
          service -> Thread.ofVirtual().start(() -> end(service, podUid, DEAD_MILLIS)));
    }
  }

  @Override
  public void drain(String podUid, long graceMillis) {
    List<String> services = new ArrayList<>();
    lock.lock();
    try {
      allowed.remove(podUid);
      targets.forEach((service, has) -> {
        if (has.containsKey(podUid)) {
          services.add(service);
        }
      });
    } finally {
      lock.unlock();
    }
    List<Thread> threads = new ArrayList<>();
    for (String service : services) {
      threads.add(Thread.ofVirtual().start(() -> drain(service, podUid, graceMillis)));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** The last target of a service stays while one that became ready is about to come. */
  private void awaitSuccessor(String service, String target) {
    long left = TimeUnit.MILLISECONDS.toNanos(SUCCESSOR_MILLIS);
    try {
      while (left > 0 && isLast(service, target) && someoneNew()) {
        left = added.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isLast(String service, String target) {
    Map<String, Edge.Target> has = targets.getOrDefault(service, Map.of());
    return has.size() == 1 && has.containsKey(target);
  }

  private boolean someoneNew() {
    Instant recent = clock.instant().minusMillis(SUCCESSOR_MILLIS);
    return allowed.entrySet().stream()
        .filter(e -> e.getValue().isAfter(recent))
        .anyMatch(e -> targets.values().stream().noneMatch(has -> has.containsKey(e.getKey())));
  }

  private void drain(String service, String target, long graceMillis) {
    String key = service + " " + target;
    lock.lock();
    try {
      awaitSuccessor(service, target);
      Map<String, Edge.Target> has = targets.get(service);
      if (has == null || has.remove(target) == null) {
        return;
      }
      draining.add(key);
    } finally {
      lock.unlock();
    }
    end(service, target, graceMillis);
  }

  private void end(String service, String target, long graceMillis) {
    try {
      edge.drain(service, target, graceMillis);
    } finally {
      lock.lock();
      try {
        draining.remove(service + " " + target);
      } finally {
        lock.unlock();
      }
    }
  }
}
