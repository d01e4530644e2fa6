package dev.esteira.fleet.group;

import dev.esteira.edge.elb.Targets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Target groups that are only values. Targets are healthy at once and drain at once. */
public final class TestingTargets implements Targets {
  private final Map<String, Health> healths = new TreeMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  private static String key(String arn, String id) {
    return arn + " " + id;
  }

  @Override
  public synchronized void register(String arn, String id) {
    healths.put(key(arn, id), Health.HEALTHY);
  }

  @Override
  public synchronized void deregister(String arn, String id) {
    healths.remove(key(arn, id));
  }

  @Override
  public synchronized Optional<TargetHealth> health(String arn, String id) {
    return Optional.ofNullable(healths.get(key(arn, id)))
        .map(health -> new TargetHealth(health, "", ""));
  }

  @Override
  public void onHealth(Listener listener) {
    listeners.add(listener);
  }

  /** What a health check found. */
  public void find(String arn, String id, Health health) {
    synchronized (this) {
      healths.put(key(arn, id), health);
    }
    TargetHealth now = new TargetHealth(health, "", "");
    listeners.forEach(listener -> listener.changed(arn, id, now));
  }

  /** Instances that are targets of the group. */
  public synchronized List<String> of(String arn) {
    return healths.keySet().stream()
        .filter(key -> key.startsWith(arn + " "))
        .map(key -> key.substring(arn.length() + 1))
        .toList();
  }
}
