package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.cluster.ApiException;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Deletion;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.store.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves each Deployment's ReplicaSets as {@link RolloutMachine} decides, and says how far it is.
 */
final class DeploymentController {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String MAX = "deployment.kubernetes.io/max-replicas";
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String COMPONENT = "deployment-controller";
  private static final String LEDGER_KIND = "rollout";
  private static final int COLLISIONS_MAX = 20;

  private final Objects objects;
  private final ClusterEvents events;
  private final Ledger ledger;
  private final InstantSource clock;
  private final ImagePins pins;
  private final RolloutMachine machine = new RolloutMachine();
  private final PodCounts counts;

  DeploymentController(
      Objects objects, ClusterEvents events, Ledger ledger, InstantSource clock, ImagePins pins) {
    this.objects = objects;
    this.events = events;
    this.ledger = ledger;
    this.clock = clock;
    this.pins = pins;
    this.counts = new PodCounts(objects, clock);
  }

  /** Settles the Deployment; the time after which to look again when nothing happens. */
  Optional<Duration> reconcile(String key) {
    String namespace = key.substring(0, key.indexOf('/'));
    String name = key.substring(key.indexOf('/') + 1);
    Optional<ObjectNode> found = objects.get(Kind.DEPLOYMENT, namespace, name);
    if (found.isEmpty() || Tree.deleting(found.get())) {
      forget(key);
      return Optional.empty();
    }
    ObjectNode deployment = found.get();
    List<ObjectNode> sets = setsOf(deployment);
    Map<String, PodCounts.Count> counted = counts.bySet(namespace);
    RolloutMachine.Observed seen = observe(deployment, sets, counted);
    Instant now = clock.instant();
    RolloutMachine.State before = recall(key, deployment, now);
    var step = machine.step(before, seen, now);
    if (!step.state().equals(before)) {
      remember(key, deployment, step.state());
    }
    DeploymentStatus status = new DeploymentStatus(deployment, seen, step.state(), now);
    Instant next = Instant.MAX;
    for (RolloutMachine.Command command : step.commands()) {
      if (command instanceof RolloutMachine.CheckAt check) {
        next = check.at();
      } else {
        act(command, deployment, sets, status);
      }
    }
    followReplicas(deployment, sets);
    write(deployment, status, highestRevision(sets, step.commands()));
    Optional<Duration> ripe = counts.nextRipe(counted, minReadySeconds(deployment));
    Optional<Duration> check =
        next.equals(Instant.MAX) ? Optional.empty() : Optional.of(Duration.between(now, next));
    return ripe.isPresent() ? ripe : check;
  }

  // --- what is there ---

  private List<ObjectNode> setsOf(ObjectNode deployment) {
    return objects.list(Kind.REPLICA_SET, Optional.of(Tree.namespace(deployment))).stream()
        .filter(s -> Tree.controlledBy(s, Tree.uid(deployment)) && !Tree.deleting(s))
        .toList();
  }

  private static RolloutMachine.Observed observe(
      ObjectNode deployment, List<ObjectNode> sets, Map<String, PodCounts.Count> counted) {
    JsonNode template = deployment.path("spec").path("template");
    List<RolloutMachine.SetView> views = new ArrayList<>();
    boolean found = false;
    for (ObjectNode set : sets) {
      boolean current = !found && TemplateHash.same(template, set.path("spec").path("template"));
      found |= current;
      PodCounts.Count count = counted.getOrDefault(Tree.uid(set), PodCounts.Count.NONE);
      views.add(
          new RolloutMachine.SetView(
              Tree.name(set),
              revision(set),
              current,
              set.path("spec").path("replicas").asInt(1),
              count.active(),
              count.terminating(),
              count.ready(),
              count.available(minReadySeconds(deployment))));
    }
    return new RolloutMachine.Observed(spec(deployment), views);
  }

  static int minReadySeconds(JsonNode object) {
    return object.path("spec").path("minReadySeconds").asInt(0);
  }

  static long revision(JsonNode set) {
    String text = Tree.annotation(set, REVISION);
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  /** Reads what decides; a rolling update that allows neither surge nor absence may miss one. */
  static RolloutMachine.Spec spec(JsonNode deployment) {
    JsonNode spec = deployment.path("spec");
    JsonNode rolling = spec.path("strategy").path("rollingUpdate");
    int replicas = spec.path("replicas").asInt(1);
    boolean recreate = spec.path("strategy").path("type").asText("").equals("Recreate");
    int surge = IntOrPercent.resolve(rolling.path("maxSurge"), "25%", replicas, true);
    int missing = IntOrPercent.resolve(rolling.path("maxUnavailable"), "25%", replicas, false);
    if (surge == 0 && missing == 0) {
      missing = 1;
    }
    return new RolloutMachine.Spec(
        replicas,
        recreate,
        recreate ? 0 : surge,
        recreate ? replicas : Math.min(missing, replicas),
        spec.path("progressDeadlineSeconds").asInt(600),
        spec.path("paused").asBoolean(false),
        spec.path("revisionHistoryLimit").asInt(10));
  }

  // --- what to do ---

  private void act(
      RolloutMachine.Command command,
      ObjectNode deployment,
      List<ObjectNode> sets,
      DeploymentStatus status) {
    switch (command) {
      case RolloutMachine.Create c -> create(deployment, c, status);
      case RolloutMachine.Scale c -> scale(deployment, c);
      case RolloutMachine.SetRevision c ->
          objects.apply(
              Kind.REPLICA_SET,
              Tree.namespace(deployment),
              c.name(),
              set -> annotate(set, REVISION, Long.toString(c.revision())));
      case RolloutMachine.Delete c ->
          sets.stream()
              .filter(s -> Tree.name(s).equals(c.name()))
              .findFirst()
              .ifPresent(s ->
                  objects.delete(
                      Kind.REPLICA_SET,
                      Tree.namespace(s),
                      Tree.name(s),
                      Deletion.ordinary().ifUid(Tree.uid(s))));
      case RolloutMachine.CheckAt _ -> {
        // The caller looks again.
      }
    }
  }

  private void create(ObjectNode deployment, RolloutMachine.Create c, DeploymentStatus status) {
    for (int collisions = 0; collisions < COLLISIONS_MAX; collisions++) {
      ObjectNode set = newSet(deployment, c, collisions);
      try {
        objects.create(Kind.REPLICA_SET, set);
        status.created(Tree.name(set));
        scaled(deployment, Tree.name(set), 0, c.replicas());
        return;
      } catch (ApiException e) {
        if (e.reason() != ApiException.Reason.ALREADY_EXISTS) {
          status.failed(e.text());
          throw e;
        }
      }
    }
    throw new IllegalStateException("no free name for a ReplicaSet of " + Tree.key(deployment));
  }

  private ObjectNode newSet(ObjectNode deployment, RolloutMachine.Create c, int collisions) {
    JsonNode spec = deployment.path("spec");
    ObjectNode template = spec.path("template").deepCopy();
    String hash = TemplateHash.of(template, collisions);
    Tree.object(template, "metadata", "labels").put(TemplateHash.LABEL, hash);
    ObjectNode set = Json.object();
    set.put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    ObjectNode metadata = set.putObject("metadata");
    metadata.put("name", Tree.name(deployment) + "-" + hash);
    metadata.put("namespace", Tree.namespace(deployment));
    metadata.set("labels", template.path("metadata").path("labels").deepCopy());
    ObjectNode annotations = metadata.putObject("annotations");
    Tree.texts(deployment.path("metadata").path("annotations")).forEach(annotations::put);
    annotations.remove(List.of(LAST_APPLIED, REVISION));
    annotations.put(REVISION, Long.toString(c.revision()));
    pins.pin(deployment, template).ifPresent(p -> annotations.put(ImagePins.ANNOTATION, p));
    Tree.own(set, deployment);
    ObjectNode wanted = set.putObject("spec");
    wanted.put("replicas", c.replicas());
    if (spec.has("minReadySeconds")) {
      wanted.set("minReadySeconds", spec.get("minReadySeconds"));
    }
    wanted.set("selector", spec.path("selector").deepCopy());
    Tree.object(wanted, "selector", "matchLabels").put(TemplateHash.LABEL, hash);
    wanted.set("template", template);
    sizes(deployment, annotations);
    return set;
  }

  private static void sizes(ObjectNode deployment, ObjectNode annotations) {
    RolloutMachine.Spec spec = spec(deployment);
    annotations.put(DESIRED, Integer.toString(spec.replicas()));
    annotations.put(MAX, Integer.toString(spec.replicas() + spec.maxSurge()));
  }

  private void scale(ObjectNode deployment, RolloutMachine.Scale c) {
    int[] from = {0};
    objects
        .apply(
            Kind.REPLICA_SET,
            Tree.namespace(deployment),
            c.name(),
            set -> {
              from[0] = set.path("spec").path("replicas").asInt(1);
              Tree.object(set, "spec").put("replicas", c.replicas());
              sizes(deployment, Tree.object(set, "metadata", "annotations"));
              return set;
            })
        .ifPresent(_ -> scaled(deployment, c.name(), from[0], c.replicas()));
  }

  private void scaled(ObjectNode deployment, String set, int from, int to) {
    String way = to >= from ? "up" : "down";
    if (to != from) {
      events.record(
          ClusterEvents.Type.NORMAL,
          deployment,
          COMPONENT,
          "ScalingReplicaSet",
          "Scaled " + way + " replica set " + set + " from " + from + " to " + to);
    }
  }

  /** The sizes that the sets carry follow the Deployment. */
  private void followReplicas(ObjectNode deployment, List<ObjectNode> sets) {
    String desired = Integer.toString(spec(deployment).replicas());
    for (ObjectNode set : sets) {
      boolean lives = set.path("spec").path("replicas").asInt(1) > 0;
      if (lives && !Tree.annotation(set, DESIRED).equals(desired)) {
        objects.apply(
            Kind.REPLICA_SET,
            Tree.namespace(set),
            Tree.name(set),
            s -> {
              sizes(deployment, Tree.object(s, "metadata", "annotations"));
              return s;
            });
      }
    }
  }

  static ObjectNode annotate(ObjectNode object, String name, String value) {
    Tree.object(object, "metadata", "annotations").put(name, value);
    return object;
  }

  // --- what to remember ---

  private static long highestRevision(
      List<ObjectNode> sets, List<RolloutMachine.Command> commands) {
    long highest = sets.stream().mapToLong(DeploymentController::revision).max().orElse(0);
    for (RolloutMachine.Command command : commands) {
      if (command instanceof RolloutMachine.Create c) {
        highest = Math.max(highest, c.revision());
      } else if (command instanceof RolloutMachine.SetRevision c) {
        highest = Math.max(highest, c.revision());
      }
    }
    return highest;
  }

  private void write(ObjectNode deployment, DeploymentStatus status, long revision) {
    objects.apply(
        Kind.DEPLOYMENT,
        Tree.namespace(deployment),
        Tree.name(deployment),
        now -> {
          if (Tree.uid(now).equals(Tree.uid(deployment))) {
            status.writeTo(now);
            if (revision > 0) {
              annotate(now, REVISION, Long.toString(revision));
            }
          }
          return now;
        });
  }

  /** A rollout's state, and whose it is. */
  record Remembered(String uid, RolloutMachine.State state) {}

  private RolloutMachine.State recall(String key, ObjectNode deployment, Instant now) {
    return ledger
        .get(LEDGER_KIND, key)
        .map(s -> Json.read(s.body(), Remembered.class))
        .filter(r -> r.uid().equals(Tree.uid(deployment)))
        .map(Remembered::state)
        .orElseGet(() -> RolloutMachine.State.initial(now));
  }

  private void remember(String key, ObjectNode deployment, RolloutMachine.State state) {
    String body = Json.write(new Remembered(Tree.uid(deployment), state));
    ledger.write(tx -> {
      tx.put(LEDGER_KIND, key, body);
      return true;
    });
  }

  private void forget(String key) {
    if (ledger.get(LEDGER_KIND, key).isPresent()) {
      ledger.write(tx -> tx.delete(LEDGER_KIND, key));
    }
  }
}
