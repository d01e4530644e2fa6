package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Probes one running container until it is closed: startup first, then readiness and liveness, each
 * by its own period and thresholds. Until the first success it looks more often than the period
 * says, so that a pod serves as soon as it can.
 */
final class Prober implements AutoCloseable {
  /** Eager looks come at a tenth of the time waited so far, within these bounds. */
  private static final long EAGER_MILLIS_MIN = 8;

  private static final long EAGER_MILLIS_MAX = 60;

  /** How long it looks eagerly; a slow start is then looked at by its period. */
  private static final Duration EAGER = Duration.ofSeconds(20);

  /** A container without a readiness probe is waited for this long to listen on its port. */
  private static final Duration PORT_WAIT = Duration.ofSeconds(30);

  private static final int PORT_TIMEOUT_MILLIS = 1_000;

  /** What the prober tells. */
  interface Findings {
    void startupPassed();

    void ready(boolean ready);

    /** Liveness or startup failed too often: the container must go. */
    void unhealthy(String why);

    /** One failure, for people. */
    void failed(String probe, String message);
  }

  private final JsonNode container;
  private final ProbeCheck check;
  private final String containerId;
  private final Findings findings;
  private final InstantSource clock;
  private final CountDownLatch closed = new CountDownLatch(1);

  Prober(
      JsonNode container,
      ProbeCheck check,
      String containerId,
      Findings findings,
      InstantSource clock) {
    this.container = container;
    this.check = check;
    this.containerId = containerId;
    this.findings = findings;
    this.clock = clock;
  }

  /** Whether readiness is looked at at all; if not, a running container is ready. */
  static boolean checksReadiness(JsonNode container) {
    return container.has("readinessProbe") || gatePort(container).isPresent();
  }

  /** The first TCP port that a container without a readiness probe declares. */
  private static Optional<Integer> gatePort(JsonNode container) {
    for (JsonNode port : container.path("ports")) {
      if (port.path("protocol").asText("TCP").equals("TCP")) {
        return Optional.of(port.path("containerPort").asInt());
      }
    }
    return Optional.empty();
  }

  /** {@code started} and {@code ready} are what is recorded of the container already. */
  void start(boolean started, boolean ready) {
    Thread.ofVirtual().name("probe").start(() -> run(started, ready));
  }

  private void run(boolean started, boolean ready) {
    try {
      if (!started && container.has("startupProbe") && !startup(container.path("startupProbe"))) {
        return;
      }
      if (container.has("livenessProbe")) {
        Thread.ofVirtual().name("liveness").start(this::liveness);
      }
      if (container.has("readinessProbe")) {
        readiness(container.path("readinessProbe"), ready);
      } else if (!ready) {
        waitForPort();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean startup(JsonNode probe) throws InterruptedException {
    Instant begun = clock.instant();
    sleep(seconds(probe, "initialDelaySeconds", 0));
    int failures = 0;
    Instant counted = Instant.MIN;
    while (isOpen()) {
      Optional<String> failure = look(probe);
      if (failure.isEmpty()) {
        if (isOpen()) {
          findings.startupPassed();
        }
        return true;
      }
      // Eager looks between two periods count as one.
      if (!clock.instant().isBefore(counted)) {
        failures++;
        counted = clock.instant().plusMillis(seconds(probe, "periodSeconds", 10));
        tellFailure("Startup", failure.get());
      }
      if (failures >= probe.path("failureThreshold").asInt(3)) {
        findings.unhealthy("Container " + name() + " failed startup probe, will be restarted");
        return false;
      }
      pause(probe, begun);
    }
    return false;
  }

  private void readiness(JsonNode probe, boolean recorded) throws InterruptedException {
    Instant begun = clock.instant();
    if (!recorded) {
      sleep(seconds(probe, "initialDelaySeconds", 0));
    }
    boolean ready = recorded;
    int successes = 0;
    int failures = 0;
    Instant told = Instant.MIN;
    while (isOpen()) {
      Optional<String> failure = look(probe);
      successes = failure.isEmpty() ? successes + 1 : 0;
      failures = failure.isEmpty() ? 0 : failures + 1;
      if (failure.isPresent() && !clock.instant().isBefore(told)) {
        told = clock.instant().plusMillis(seconds(probe, "periodSeconds", 10));
        tellFailure("Readiness", failure.get());
      }
      boolean next =
          ready
              ? failures < probe.path("failureThreshold").asInt(3)
              : successes >= probe.path("successThreshold").asInt(1);
      if (next != ready && isOpen()) {
        ready = next;
        findings.ready(ready);
      }
      if (ready || begun.plus(EAGER).isBefore(clock.instant())) {
        sleep(seconds(probe, "periodSeconds", 10));
      } else {
        sleep(eagerMillis(probe, begun));
      }
    }
  }

  /** Commands run inside the container cost it something, so they are never run that often. */
  private long eagerMillis(JsonNode probe, Instant begun) {
    long waited = Duration.between(begun, clock.instant()).toMillis();
    return probe.has("exec")
        ? EAGER_MILLIS_MAX
        : Math.clamp(waited / 10, EAGER_MILLIS_MIN, EAGER_MILLIS_MAX);
  }

  private void liveness() {
    JsonNode probe = container.path("livenessProbe");
    int failures = 0;
    try {
      sleep(seconds(probe, "initialDelaySeconds", 0));
      while (isOpen()) {
        Optional<String> failure = look(probe);
        failures = failure.isEmpty() ? 0 : failures + 1;
        failure.ifPresent(f -> tellFailure("Liveness", f));
        if (failures >= probe.path("failureThreshold").asInt(3) && isOpen()) {
          findings.unhealthy("Container " + name() + " failed liveness probe, will be restarted");
          return;
        }
        sleep(seconds(probe, "periodSeconds", 10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Plain Kubernetes would send requests to a program that does not listen yet. */
  private void waitForPort() throws InterruptedException {
    int port = gatePort(container).orElse(0);
    Instant begun = clock.instant();
    Instant end = begun.plus(PORT_WAIT);
    while (isOpen() && port > 0 && clock.instant().isBefore(end)) {
      if (check.connects(port, PORT_TIMEOUT_MILLIS).isEmpty()) {
        break;
      }
      sleep(eagerMillis(container, begun));
    }
    if (isOpen()) {
      findings.ready(true);
    }
  }

  private Optional<String> look(JsonNode probe) {
    return check.check(probe, containerId, (int) seconds(probe, "timeoutSeconds", 1));
  }

  private void tellFailure(String probe, String message) {
    if (isOpen()) {
      findings.failed(probe, message);
    }
  }

  private void pause(JsonNode probe, Instant begun) throws InterruptedException {
    boolean eager = begun.plus(EAGER).isAfter(clock.instant());
    sleep(eager ? eagerMillis(probe, begun) : seconds(probe, "periodSeconds", 10));
  }

  private String name() {
    return container.path("name").asText("");
  }

  /** In milliseconds. */
  private static long seconds(JsonNode probe, String field, int byDefault) {
    return probe.path(field).asInt(byDefault) * 1000L;
  }

  private boolean isOpen() {
    return closed.getCount() > 0;
  }

  private void sleep(long millis) throws InterruptedException {
    var _ = closed.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
