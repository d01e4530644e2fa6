package dev.esteira.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.engine.Engine;
import dev.esteira.images.BaseImages;
import dev.esteira.store.Hands;
import dev.esteira.store.Machine;
import dev.esteira.store.MachineHost;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * The machine images of a home: the one that Esteira ships, and those made from instances, which
 * are images of the engine. Durable, thread-safe.
 */
public final class MachineImages implements AutoCloseable {
  /** The shipped image; the same in every home, so that scripts can name it. */
  public static final String SHIPPED_ID = "ami-0e5feb1a2c0de0001";

  private static final Logger LOG = Logger.getLogger(MachineImages.class.getName());
  private static final String KIND = "machine-image";
  private static final String SNAPSHOTS_GONE = "machine-image-snapshot-gone";
  private static final Instant SHIPPED_AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final int IMAGES_MAX = 1_000;

  /** What happens to an image. */
  sealed interface Event {
    record Ask() implements Event {}

    record Made() implements Event {}

    record Failed(String why) implements Event {}

    record Tagged(Map<String, String> set, List<String> removed) implements Event {
      public Tagged {
        set = Map.copyOf(set);
        removed = List.copyOf(removed);
      }
    }

    record Deregister() implements Event {}
  }

  /** What is done for it. */
  sealed interface Command {
    record Commit(String instance) implements Command {}

    record Remove() implements Command {}
  }

  private final Ground ground;
  private final MachineHost<MachineImage, Event, Command> host;

  MachineImages(Ground ground) {
    this.ground = ground;
    this.host =
        new MachineHost<>(
            ground.ledger(),
            KIND,
            MachineImages::step,
            new MachineHost.Types<>(MachineImage.class, Event.class, Command.class),
            ground.clock());
  }

  private static Machine.Step<MachineImage, Command> step(
      MachineImage image, Event event, Instant now) {
    boolean pending = image.state().equals("pending");
    return switch (event) {
      case Event.Ask _ ->
          new Machine.Step<>(image, List.of(new Command.Commit(image.source().orElseThrow())));
      case Event.Made _ ->
          new Machine.Step<>(pending ? image.in("available", "") : image, List.of());
      case Event.Failed e ->
          new Machine.Step<>(pending ? image.in("failed", e.why()) : image, List.of());
      case Event.Tagged e -> {
        Map<String, String> tags = new HashMap<>(image.tags());
        e.removed().forEach(tags::remove);
        tags.putAll(e.set());
        yield new Machine.Step<>(image.tagged(tags), List.of());
      }
      case Event.Deregister _ ->
          new Machine.Step<>(image.in("deregistered", ""), List.of(new Command.Remove()));
    };
  }

  void start() {
    host.start(
        new Hands<>() {
          @Override
          public void carryOut(String id, Command command) {
            switch (command) {
              case Command.Commit c -> commit(id, c.instance());
              case Command.Remove _ -> remove(id);
            }
          }

          @Override
          public void gaveUp(String id, Command command, Exception cause) {
            LOG.warning("gave up " + command + " of " + id + ": " + cause);
            if (command instanceof Command.Commit) {
              host.deliver(id, new Event.Failed(String.valueOf(cause.getMessage())));
            }
          }
        });
  }

  private String repository() {
    return "est-" + ground.home().id() + "-ami";
  }

  private void commit(String id, String instance) {
    Engine engine = ground.engine();
    if (engine.inspectImage(repository() + ":" + id).isEmpty()) {
      String path =
          "/commit?container=%s&repo=%s&tag=%s&pause=1"
              .formatted(new Box(ground, instance).name(), repository(), id);
      byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
      List<Map.Entry<String, String>> headers =
          List.of(
              Map.entry("Content-Type", "application/json"),
              Map.entry("Content-Length", String.valueOf(none.length)));
      try (Engine.Answer answer =
          engine.send("POST", path, headers, new ByteArrayInputStream(none))) {
        if (answer.status() != 201) {
          throw EsteiraException.unavailable(
              "asked the engine to commit " + instance + ", but it answered " + answer.status(),
              null);
        }
      }
    }
    host.deliver(id, new Event.Made());
  }

  private void remove(String id) {
    if (ground.engine().inspectImage(repository() + ":" + id).isPresent()) {
      ground.engine().removeImage(repository() + ":" + id);
    }
    // It stays on record as deregistered: its id must never come to mean somebody else's image.
  }

  private static MachineImage shipped(Map<String, String> tags) {
    return new MachineImage(
        SHIPPED_ID,
        "esteira-debian-12-amd64",
        "Debian 12 with systemd, NGINX, docker and the AWS CLI",
        "available",
        Optional.empty(),
        SHIPPED_AT,
        tags,
        "");
  }

  /** All that can be seen, the shipped one first. */
  public List<MachineImage> all() {
    List<MachineImage> all = new ArrayList<>(List.of(shipped(Map.of())));
    all.addAll(PublicImages.all());
    host.states("").values().stream()
        .filter(image -> !image.state().equals("deregistered"))
        .forEach(all::add);
    return all;
  }

  /** The image of this id, or what stands in for one that was never made here. */
  public Optional<MachineImage> image(String id) {
    Optional<MachineImage> seen = all().stream().filter(i -> i.id().equals(id)).findFirst();
    boolean others = PublicImages.isId(id) && !host.states("").containsKey(id);
    return seen.isEmpty() && others ? Optional.of(PublicImages.standIn(id)) : seen;
  }

  /** Begins an image of the instance as it is now. {@code CONFLICT} when the name is taken. */
  public MachineImage create(
      String instance, String name, String description, Map<String, String> tags) {
    List<MachineImage> all = all();
    Optional<MachineImage> same = all.stream().filter(i -> i.name().equals(name)).findFirst();
    if (same.isPresent()) {
      throw EsteiraException.conflict(
          "AMI name " + name + " is already in use by AMI " + same.get().id());
    }
    if (all.size() >= IMAGES_MAX) {
      throw EsteiraException.limit("there are " + IMAGES_MAX + " machine images already");
    }
    String id = "ami-0" + Ids.hex(16);
    MachineImage image =
        new MachineImage(
            id,
            name,
            description,
            "pending",
            Optional.of(instance),
            ground.clock().instant(),
            tags,
            "");
    ground
        .ledger()
        .write(tx -> {
          host.create(tx, id, image);
          return host.deliver(tx, id, new Event.Ask());
        });
    return image;
  }

  /** {@code NOT_FOUND} when there is none; {@code INVALID} for the shipped one. */
  public void deregister(String id) {
    MachineImage image = require(id);
    if (image.shipped()) {
      throw EsteiraException.invalid("the image " + id + " was not made in this home");
    }
    host.deliver(id, new Event.Deregister());
  }

  /** Those made here, deregistered ones too, whose disk's snapshot nobody has deleted. */
  public List<MachineImage> withSnapshots() {
    return host.states("").values().stream()
        .filter(image -> List.of("available", "deregistered").contains(image.state()))
        .filter(image -> !image.shipped())
        .filter(image -> ground.ledger().get(SNAPSHOTS_GONE, image.id()).isEmpty())
        .toList();
  }

  public void deleteSnapshot(String id) {
    ground
        .ledger()
        .write(tx -> {
          tx.put(SNAPSHOTS_GONE, id, "{}");
          return true;
        });
  }

  /** Sets and removes tags. */
  public void tag(String id, Map<String, String> set, List<String> removed) {
    if (!require(id).shipped()) {
      host.deliver(id, new Event.Tagged(set, removed));
    }
  }

  MachineImage require(String id) {
    return image(id)
        .orElseThrow(() -> EsteiraException.notFound("there is no machine image '" + id + "'"));
  }

  /** The engine's name of an image that can be booted; makes the shipped one if need be. */
  String engineImage(String id) {
    if (require(id).shipped()) {
      return ground.images().ensure(BaseImages.INSTANCE, LOG::info);
    }
    String name = repository() + ":" + id;
    Optional<JsonNode> found = ground.engine().inspectImage(name);
    return found
        .map(image -> image.path("Id").asText())
        .orElseThrow(() -> EsteiraException.notFound("the machine image " + id + " is gone"));
  }

  @Override
  public void close() {
    host.close();
  }
}
