package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Events as stored objects. The same event has the same name, so that it is found again. */
final class LedgerEvents implements ClusterEvents {
  private static final int MESSAGE_LENGTH_MAX = 1024;
  private static final int EVENTS_MAX = 1_000;
  private static final int CHECK_EVERY_EVENTS = 50;

  /** A repeat that comes sooner is not worth a durable write. */
  private static final Duration REPEAT_MIN = Duration.ofSeconds(1);

  private final Objects objects;
  private final InstantSource clock;
  private final AtomicInteger made = new AtomicInteger();

  LedgerEvents(Objects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  @Override
  public void record(Type type, ObjectNode about, String component, String reason, String message) {
    record(type, about, "", component, reason, message);
  }

  @Override
  public void record(
      Type type,
      ObjectNode about,
      String fieldPath,
      String component,
      String reason,
      String message) {
    String text =
        message.length() > MESSAGE_LENGTH_MAX ? message.substring(0, MESSAGE_LENGTH_MAX) : message;
    ObjectNode event = event(type, about, fieldPath, component, reason, text);
    Instant now = clock.instant();
    try {
      Optional<ObjectNode> repeated =
          objects.apply(
              Kind.EVENT, Trees.namespace(event), Trees.name(event), old -> repeat(old, now));
      if (repeated.isEmpty()) {
        objects.create(Kind.EVENT, event);
        trim(Trees.namespace(event));
      }
    } catch (ApiException e) {
      // Its namespace went, or another thread was first: an event is not worth a failure.
      System.getLogger("cluster").log(System.Logger.Level.DEBUG, "event not kept: {0}", e.text());
    }
  }

  private static ObjectNode repeat(ObjectNode old, Instant now) {
    Instant last = Instant.parse(Trees.text(old, "lastTimestamp"));
    if (Duration.between(last, now).compareTo(REPEAT_MIN) >= 0) {
      old.put("count", Trees.number(old, "count") + 1);
      old.put("lastTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return old;
  }

  private ObjectNode event(
      Type type,
      ObjectNode about,
      String fieldPath,
      String component,
      String reason,
      String message) {
    String namespace = Trees.namespace(about).isEmpty() ? "default" : Trees.namespace(about);
    String identity =
        String.join("\n", Trees.uid(about), fieldPath, component, type.wire(), reason, message);
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode event = Json.object();
    event.put("apiVersion", "v1").put("kind", "Event");
    Trees.metadata(event)
        .put("name", Trees.name(about) + "." + hash(identity))
        .put("namespace", namespace);
    involved(Trees.object(event, "involvedObject"), about, fieldPath);
    event.put("reason", reason).put("message", message).put("type", type.wire()).put("count", 1);
    event.put("firstTimestamp", now).put("lastTimestamp", now);
    Trees.object(event, "source").put("component", component);
    event.put("reportingComponent", component).put("reportingInstance", "");
    return event;
  }

  private static void involved(ObjectNode reference, ObjectNode about, String fieldPath) {
    reference.put("apiVersion", Trees.text(about, "apiVersion"));
    reference.put("kind", Trees.text(about, "kind"));
    reference.put("name", Trees.name(about)).put("uid", Trees.uid(about));
    Trees.optional(about, "metadata", "namespace").ifPresent(n -> reference.put("namespace", n));
    Trees.optional(about, "metadata", "resourceVersion")
        .ifPresent(v -> reference.put("resourceVersion", v));
    if (!fieldPath.isEmpty()) {
      reference.put("fieldPath", fieldPath);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void trim(String namespace) {
    if (made.incrementAndGet() % CHECK_EVERY_EVENTS != 0) {
      return;
    }
    List<ObjectNode> all = objects.list(Kind.EVENT, Optional.of(namespace));
    all.stream()
        .sorted(Comparator.comparing(e -> Trees.text(e, "lastTimestamp")))
        .limit(Math.max(0, all.size() - EVENTS_MAX))
        .forEach(e -> objects.delete(Kind.EVENT, namespace, Trees.name(e), Deletion.now()));
  }
}
