package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.store.Ledger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs the pods of the node: one {@link PodActor} for each, found again after a restart. */
final class PodRunner implements Watcher.Listener {
  private static final Logger LOG = Logger.getLogger(PodRunner.class.getName());

  private final PodContext context;
  private final Map<String, PodActor> actors = new ConcurrentHashMap<>();

  PodRunner(PodContext context) {
    this.context = context;
  }

  /** Goes on with what was recorded; before the watch of pods begins. */
  void resume() {
    var recorded = context.ledger().list(PodActor.LEDGER_KIND, "");
    context.holders().resume(claimed(recorded));
    for (var stored : recorded) {
      String uid = stored.key();
      PodActor.Stored known = Json.read(stored.body(), PodActor.Stored.class);
      Optional<ObjectNode> object =
          context
              .objects()
              .get(Kind.POD, known.namespace(), known.name())
              .filter(p -> Tree.uid(p).equals(uid));
      ObjectNode pod = object.orElseGet(() -> shadow(uid, known));
      PodActor actor = actor(pod, known.state(), true);
      actors.put(uid, actor);
      actor.resume();
      if (object.isEmpty()) {
        actor.objectGone();
      }
    }
  }

  /** The holders that the recorded pods have. */
  private static Set<String> claimed(List<Ledger.Stored> recorded) {
    Set<String> ids = new HashSet<>();
    for (Ledger.Stored each : recorded) {
      PodState state = Json.read(each.body(), PodActor.Stored.class).state();
      if (state.sandbox() instanceof PodState.Sandbox.Up up) {
        ids.add(up.id());
      }
    }
    return ids;
  }

  /** Stands for an object that is gone: enough to clean up by. */
  private static ObjectNode shadow(String uid, PodActor.Stored known) {
    ObjectNode pod = Json.object();
    pod.putObject("metadata")
        .put("uid", uid)
        .put("name", known.name())
        .put("namespace", known.namespace());
    return pod;
  }

  private PodActor actor(ObjectNode pod, PodState state, boolean resumed) {
    String uid = Tree.uid(pod);
    return new PodActor(context, pod, state, resumed, () -> actors.remove(uid));
  }

  Optional<PodActor> actor(String uid) {
    return Optional.ofNullable(actors.get(uid));
  }

  /** An image appeared in the registry: pulls that wait try again. */
  void imagesChanged() {
    actors.values().forEach(a -> a.tell(new PodEvent.ImagesChanged()));
  }

  @Override
  public void listed(List<ObjectNode> pods) {
    Set<String> there = new HashSet<>();
    pods.forEach(p -> there.add(Tree.uid(p)));
    pods.forEach(p -> changed(p, Optional.empty()));
    actors.forEach((uid, actor) -> {
      if (!there.contains(uid)) {
        actor.objectGone();
      }
    });
  }

  @Override
  public void changed(ObjectNode pod, Optional<ObjectNode> before) {
    String node = pod.path("spec").path("nodeName").asText("");
    if (node.isEmpty()) {
      bind(pod);
      return;
    }
    if (!node.equals(NodeObject.NAME)) {
      return;
    }
    PodActor known = actors.get(Tree.uid(pod));
    if (known != null) {
      known.changed(pod);
      return;
    }
    if (PodCounts.ended(pod) && !Tree.deleting(pod)) {
      return;
    }
    PodState first = PodSpecs.begin(pod, context.clock().instant());
    PodActor actor = actor(pod, first, false);
    actors.put(Tree.uid(pod), actor);
    scheduled(pod);
    actor.begin();
    if (Tree.deleting(pod)) {
      actor.changed(pod);
    }
  }

  private void scheduled(ObjectNode pod) {
    context
        .events()
        .tell(
            ClusterEvents.Type.NORMAL,
            pod,
            "",
            "default-scheduler",
            "Scheduled",
            "Successfully assigned " + Tree.key(pod) + " to " + NodeObject.NAME);
  }

  /** The scheduler of a cluster of one node. */
  private void bind(ObjectNode pod) {
    context
        .objects()
        .apply(
            Kind.POD,
            Tree.namespace(pod),
            Tree.name(pod),
            p -> {
              if (Tree.uid(p).equals(Tree.uid(pod))) {
                Tree.object(p, "spec").put("nodeName", NodeObject.NAME);
              }
              return p;
            });
  }

  @Override
  public void deleted(ObjectNode pod) {
    PodActor known = actors.get(Tree.uid(pod));
    if (known != null) {
      known.objectGone();
    }
  }

  /** Removes containers of this home's pods that no pod has: what a crash may have left. */
  void sweep() {
    try {
      for (JsonNode container : context.engine().containers(PodNames.all(context.home().id()))) {
        String uid = container.path("Labels").path(PodNames.POD).asText("");
        if (!actors.containsKey(uid)) {
          context.engine().removeContainer(container.path("Id").asText());
        }
      }
      context.holders().sweep(!actors.isEmpty());
    } catch (EsteiraException e) {
      LOG.log(Level.INFO, "could not look for left-over containers", e);
    }
  }

  void close() {
    actors.values().forEach(PodActor::close);
  }
}
