package dev.esteira.cluster.control;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge;
import dev.esteira.edge.Listeners;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Balancers that only remember; {@link #log} holds what was asked, in order. */
final class TestingEdge implements Edge, Listeners {
  final List<String> log = new CopyOnWriteArrayList<>();
  private final Map<String, Service> services = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Target>> targets = new ConcurrentHashMap<>();

  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final Map<String, String> certificates = new ConcurrentHashMap<>();

  @Override
  public void putListener(Listener listener) {
    if (!certificates.keySet().containsAll(listener.certificates())) {
      throw EsteiraException.notFound(listener.certificates() + " are not all there");
    }
    listeners.put(listener.id(), listener);
  }

  @Override
  public void removeListener(String id) {
    listeners.remove(id);
  }

  @Override
  public List<Listener> listeners() {
    return List.copyOf(listeners.values());
  }

  @Override
  public void putCertificate(String name, String pem) {
    certificates.put(name, pem);
  }

  @Override
  public void removeCertificate(String name) {
    certificates.remove(name);
  }

  Map<String, String> certificates() {
    return certificates;
  }

  @Override
  public void put(Service service) {
    services.put(service.id(), service);
    targets.computeIfAbsent(service.id(), _ -> new ConcurrentHashMap<>());
  }

  @Override
  public void remove(String serviceId) {
    services.remove(serviceId);
    targets.remove(serviceId);
  }

  @Override
  public List<Service> services() {
    return List.copyOf(services.values());
  }

  @Override
  public void add(String serviceId, Target target) {
    log.add("add " + serviceId + " " + target.address() + ":" + target.port());
    targets.get(serviceId).put(target.id(), target);
  }

  @Override
  public void drain(String serviceId, String targetId, long graceMillis) {
    log.add("drain " + serviceId + " " + targetId);
    targets.get(serviceId).remove(targetId);
  }

  @Override
  public void rest(String serviceId, String targetId) {
    log.add("rest " + serviceId + " " + targetId);
  }

  @Override
  public void drop(String serviceId, String targetId) {
    log.add("drop " + serviceId + " " + targetId);
    targets.get(serviceId).remove(targetId);
  }

  @Override
  public List<TargetState> targets(String serviceId) {
    List<TargetState> all = new ArrayList<>();
    targets
        .getOrDefault(serviceId, Map.of())
        .values()
        .forEach(t ->
            all.add(new TargetState(t.id(), t.address(), t.port(), "UP", 0, Optional.empty())));
    return all;
  }
}
