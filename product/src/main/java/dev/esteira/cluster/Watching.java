package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The verb watch: one JSON document a line. A line feed alone is sent when nothing happens, so that
 * a client that has gone is noticed.
 */
final class Watching {
  private static final long TIMEOUT_SECONDS = 1_800;
  private static final long TIMEOUT_SECONDS_MAX = 24 * 3_600;
  private static final long HEARTBEAT_MILLIS = 10_000;

  private final LedgerObjects objects;
  private final InstantSource clock;

  Watching(LedgerObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void watch(Request request) throws IOException, InterruptedException {
    if (request.query("sendInitialEvents").isPresent()) {
      throw ApiException.of(
          ApiException.Reason.INVALID,
          "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the"
              + " WatchList feature gate is enabled");
    }
    long timeoutSeconds =
        Math.min(TIMEOUT_SECONDS_MAX, request.number("timeoutSeconds").orElse(TIMEOUT_SECONDS));
    Instant end = clock.instant().plusSeconds(timeoutSeconds);
    String version = request.query("resourceVersion").orElse("0");
    boolean fromNow = version.equals("0");
    Optional<Objects.Listing> initial =
        fromNow
            ? Optional.of(objects.snapshot(request.kind(), request.path().namespace()))
            : Optional.empty();
    long after = initial.map(Objects.Listing::revision).orElseGet(() -> revision(version));
    Session session = new Session(request, Answers.wanted(request));
    try (Objects.Watch watch = objects.watch(request.kind(), request.path().namespace(), after)) {
      request.exchange().status(200).set("Content-Type", "application/json");
      OutputStream out = request.exchange().out();
      for (ObjectNode object : initial.map(Objects.Listing::items).orElse(java.util.List.of())) {
        session.offer(out, Objects.Change.Type.ADDED, object, Optional.empty());
      }
      out.flush();
      stream(session, watch, out, end);
    }
  }

  private void stream(Session session, Objects.Watch watch, OutputStream out, Instant end)
      throws IOException, InterruptedException {
    long left = Duration.between(clock.instant(), end).toMillis();
    while (left > 0) {
      try {
        Optional<Objects.Change> change = watch.next(Math.min(left, HEARTBEAT_MILLIS));
        if (change.isPresent()) {
          session.offer(out, change.get().type(), change.get().object(), change.get().before());
        } else {
          out.write('\n');
        }
        out.flush();
      } catch (ApiException e) {
        write(out, "ERROR", ApiStatus.of(e));
        out.flush();
        return;
      }
      left = Duration.between(clock.instant(), end).toMillis();
    }
  }

  private static long revision(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest(
          "resourceVersion: Invalid value: \"" + version + "\": must be a whole number");
    }
  }

  private static void write(OutputStream out, String type, ObjectNode object) throws IOException {
    ObjectNode event = Json.object().put("type", type);
    event.set("object", object);
    out.write((Json.write(event) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** What one watch lets through, and in which form. */
  private final class Session {
    private final Request request;
    private final Answers form;
    private final LabelSelector labels;
    private final FieldSelector fields;

    Session(Request request, Answers form) {
      this.request = request;
      this.form = form;
      this.labels = request.labels();
      this.fields = request.fields();
    }

    /** An object that stops to match is deleted for this watch; one that starts to is added. */
    void offer(
        OutputStream out, Objects.Change.Type type, ObjectNode object, Optional<ObjectNode> before)
        throws IOException {
      boolean now = type != Objects.Change.Type.DELETED && matches(object);
      boolean was = before.filter(this::matches).isPresent();
      if (!now && !was) {
        return;
      }
      String shown = now ? was ? "MODIFIED" : "ADDED" : "DELETED";
      write(out, shown, form.one(request, object, clock.instant()));
    }

    private boolean matches(ObjectNode object) {
      return labels.matches(object) && fields.matches(object);
    }
  }
}
