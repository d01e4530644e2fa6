package dev.esteira.edge;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.SecretBox;
import dev.esteira.edge.EdgeTables.TargetRow;
import dev.esteira.edge.EdgeTables.Wanted;
import dev.esteira.net.Networks;
import dev.esteira.store.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The edge on HAProxy. What is wanted stands in the ledger first; then {@link Upkeep} brings the
 * running HAProxy to it by its runtime API.
 */
public final class HaproxyEdge implements Edge, Listeners, AutoCloseable {
  private static final long DRAIN_POLL_MILLIS = 10;

  private final InstantSource clock;
  private final EdgeTables tables;
  private final ListenerTables listenerTables;
  private final Upkeep upkeep;

  public HaproxyEdge(Home home, Ledger ledger, Networks networks, InstantSource clock) {
    this.clock = clock;
    this.tables = new EdgeTables(ledger);
    this.listenerTables = new ListenerTables(ledger, SecretBox.in(home.keys()));
    this.upkeep = new Upkeep(home, networks, tables, listenerTables);
  }

  /**
   * Adopts the HAProxy that runs, or starts one; then watches it. {@code PREREQUISITE} when the
   * program is missing.
   */
  public void start() {
    upkeep.start();
  }

  /** Stops watching; HAProxy goes on. */
  @Override
  public void close() {
    upkeep.close();
  }

  /** Ends HAProxy; the services stay recorded for the next start. */
  public void stop() {
    upkeep.stop();
  }

  @Override
  public void put(Service service) {
    Optional<Wanted> before = tables.one(service.id());
    tables.put(service);
    try {
      upkeep.bring();
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.INVALID || e.code() == ErrorCode.LIMIT) {
        // An address that cannot be captured would otherwise stand in the way of all others.
        before.ifPresentOrElse(
            each -> tables.put(each.row().service()), () -> tables.remove(service.id()));
        upkeep.bring();
      }
      throw e;
    }
  }

  @Override
  public void remove(String serviceId) {
    tables.remove(serviceId);
    upkeep.bring();
  }

  @Override
  public List<Service> services() {
    return tables.all().stream().map(each -> each.row().service()).toList();
  }

  @Override
  public void add(String serviceId, Target target) {
    tables.add(serviceId, target);
    upkeep.bring(serviceId);
  }

  @Override
  public void rest(String serviceId, String targetId) {
    if (tables.drain(serviceId, targetId)) {
      upkeep.bring(serviceId);
    }
  }

  @Override
  public List<String> resting(String serviceId) {
    return tables.one(serviceId).stream()
        .flatMap(wanted -> wanted.targets().stream())
        .filter(TargetRow::draining)
        .map(row -> row.target().id())
        .toList();
  }

  @Override
  public void putListener(Listener listener) {
    Optional<ListenerTables.ListenerRow> before = listenerTables.put(listener);
    try {
      upkeep.bring();
    } catch (EsteiraException e) {
      // One that HAProxy does not take would otherwise stand in the way of all others.
      before.ifPresentOrElse(listenerTables::restore, () -> listenerTables.remove(listener.id()));
      upkeep.bring();
      throw e;
    }
  }

  @Override
  public void removeListener(String id) {
    listenerTables.remove(id);
    upkeep.bring();
  }

  @Override
  public List<Listener> listeners() {
    return listenerTables.all().stream().map(ListenerTables.ListenerRow::listener).toList();
  }

  @Override
  public void putCertificate(String name, String pem) {
    listenerTables.putCertificate(
        new ListenerTables.Certificate(name, TlsFiles.checkedPem(name, pem)));
    upkeep.bring();
  }

  @Override
  public void removeCertificate(String name) {
    listenerTables.removeCertificate(name);
    upkeep.bring();
  }

  @Override
  public void drop(String serviceId, String targetId) {
    tables.drop(serviceId, targetId);
    upkeep.bring(serviceId);
  }

  @Override
  public void drain(String serviceId, String targetId, long graceMillis) {
    if (!tables.drain(serviceId, targetId)) {
      return;
    }
    upkeep.bring(serviceId);
    Instant end = clock.instant().plus(Duration.ofMillis(graceMillis));
    while (connections(serviceId, targetId) > 0 && clock.instant().isBefore(end)) {
      try {
        Thread.sleep(DRAIN_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EsteiraException.unavailable(
            "interrupted while draining '%s' of '%s'".formatted(targetId, serviceId), e);
      }
    }
    drop(serviceId, targetId);
  }

  private int connections(String serviceId, String targetId) {
    return targets(serviceId).stream()
        .filter(state -> state.id().equals(targetId))
        .mapToInt(TargetState::connections)
        .sum();
  }

  @Override
  public List<TargetState> targets(String serviceId) {
    Optional<Wanted> wanted = tables.one(serviceId);
    if (wanted.isEmpty()) {
      return List.of();
    }
    Map<String, Map<String, String>> statistics = upkeep.statistics(wanted.get());
    List<TargetState> states = new ArrayList<>();
    for (TargetRow row : wanted.get().targets()) {
      String server = HaproxyConfig.server(row.target().id());
      states.add(state(row.target(), statistics.getOrDefault(server, Map.of())));
    }
    return states;
  }

  private static TargetState state(Target target, Map<String, String> statistics) {
    // "UP 1/2" is up, and one failed check away from going down, as at the beginning.
    String status = statistics.getOrDefault("status", "unknown").replaceFirst("^UP .*", "UP");
    String reason = statistics.getOrDefault("check_desc", "");
    return new TargetState(
        target.id(),
        target.address(),
        target.port(),
        status,
        number(statistics.getOrDefault("scur", "0")) + number(statistics.getOrDefault("qcur", "0")),
        status.equals("UP") || reason.isEmpty() ? Optional.empty() : Optional.of(reason));
  }

  private static int number(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }
}
