package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.registry.Registry;
import dev.esteira.store.Ledger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Same tag, new image: rolls the Deployments that name a tag which now means another image.
 *
 * <p>Moved by a job, the new image is held until that job reads or writes the Deployment through
 * the API, or succeeds; it is dropped when the job fails. Moved by anyone else it rolls at once.
 * What rolls is the pod template's annotation {@link ImagePins#ANNOTATION}; {@code spec.image}
 * stays as the user wrote it. The annotation {@code esteira.dev/follow-tags: "false"} on the
 * Deployment or its namespace gives plain Kubernetes behaviour.
 */
final class TagFollower {
  static final String FOLLOW = "esteira.dev/follow-tags";
  private static final String COMPONENT = "image-follower";
  private static final String HELD = "heldtag";
  private static final String SEEN = "seentag";
  private static final String JOB = "job/";

  private final Objects objects;
  private final EventWriter events;
  private final Ledger ledger;
  private final ImageSource images;

  TagFollower(Objects objects, EventWriter events, Ledger ledger, ImageSource images) {
    this.objects = objects;
    this.events = events;
    this.ledger = ledger;
    this.images = images;
  }

  /** A moved tag that waits for its job. */
  record Held(String by, String tag, String digest) {}

  /** Records the move; rolls unless a job has to say more. */
  void moved(Registry.TagMoved event) {
    String tag = event.repository() + ":" + event.tag();
    Held held = new Held(event.by(), tag, event.digest().value());
    boolean byJob = event.by().startsWith(JOB);
    ledger.write(tx -> {
      tx.put(SEEN, tag, Json.write(held));
      // A later move takes the place of what an earlier one left waiting.
      for (Ledger.Stored old : tx.list(HELD, "")) {
        if (Json.read(old.body(), Held.class).tag().equals(tag)) {
          tx.delete(HELD, old.key());
        }
      }
      if (byJob) {
        tx.put(HELD, event.by() + "|" + tag, Json.write(held));
      }
      return true;
    });
    if (byJob) {
      tellHeld(held);
    } else {
      release(held, _ -> true);
    }
  }

  private void tellHeld(Held held) {
    followers(held.tag())
        .forEach(d ->
            events.tell(
                ClusterEvents.Type.NORMAL,
                d,
                "",
                COMPONENT,
                "ImageHeld",
                held.tag()
                    + " is now "
                    + held.digest()
                    + "; waits for "
                    + held.by()
                    + " to deploy or to succeed"));
  }

  /** The job reads or writes this Deployment: what it pushed rolls, before it gets its answer. */
  void beforeDeployment(Access.Principal principal, String namespace, String name) {
    if (!principal.name().startsWith(JOB)) {
      return;
    }
    for (Held held : heldBy(principal.name())) {
      release(held, d -> Tree.namespace(d).equals(namespace) && Tree.name(d).equals(name));
    }
  }

  /** What the job left waiting rolls, or is dropped. May be told again. */
  void jobEnded(String jobId, boolean succeeded) {
    String by = jobId.startsWith(JOB) ? jobId : JOB + jobId;
    for (Held held : heldBy(by)) {
      if (succeeded) {
        release(held, _ -> true);
      } else {
        tellDropped(held);
      }
      ledger.write(tx -> tx.delete(HELD, held.by() + "|" + held.tag()));
    }
  }

  private void tellDropped(Held held) {
    followers(held.tag()).stream()
        .filter(d -> needs(d, held))
        .forEach(d ->
            events.tell(
                ClusterEvents.Type.WARNING,
                d,
                "",
                COMPONENT,
                "ImageDropped",
                held.by()
                    + " moved "
                    + held.tag()
                    + " to "
                    + held.digest()
                    + " and failed before it deployed: the old image stays"));
  }

  private List<Held> heldBy(String job) {
    return ledger.list(HELD, job).stream()
        .map(s -> Json.read(s.body(), Held.class))
        .filter(h -> h.by().equals(job) || h.by().startsWith(job + "/"))
        .toList();
  }

  /** Whether a job still has to say what becomes of the tag. */
  boolean isHeld(String tag) {
    return ledger.list(HELD, JOB).stream()
        .anyMatch(s -> Json.read(s.body(), Held.class).tag().equals(tag));
  }

  private List<ObjectNode> followers(String tag) {
    List<ObjectNode> all = new ArrayList<>();
    for (ObjectNode deployment : objects.list(Kind.DEPLOYMENT, Optional.empty())) {
      if (!Tree.deleting(deployment) && follows(deployment) && names(deployment, tag)) {
        all.add(deployment);
      }
    }
    return all;
  }

  private boolean names(ObjectNode deployment, String tag) {
    return ImagePins.images(deployment.path("spec").path("template")).stream()
        .anyMatch(i -> images.houseTag(i).filter(tag::equals).isPresent());
  }

  boolean follows(ObjectNode deployment) {
    boolean off = Tree.annotation(deployment, FOLLOW).equals("false");
    return !off
        && objects
            .get(Kind.NAMESPACE, "", Tree.namespace(deployment))
            .filter(n -> Tree.annotation(n, FOLLOW).equals("false"))
            .isEmpty();
  }

  private void release(Held held, Predicate<ObjectNode> which) {
    for (ObjectNode deployment : followers(held.tag())) {
      if (which.test(deployment) && needs(deployment, held)) {
        roll(deployment, held);
      }
    }
  }

  /** Whether the Deployment's pods run another image under this tag. */
  private boolean needs(ObjectNode deployment, Held held) {
    Map<String, String> now = effective(deployment);
    return ImagePins.images(deployment.path("spec").path("template")).stream()
        .filter(i -> images.houseTag(i).filter(held.tag()::equals).isPresent())
        .anyMatch(i -> now.containsKey(i) && !held.digest().equals(now.get(i)));
  }

  /** The digests that the Deployment's current pods are bound to. */
  Map<String, String> effective(ObjectNode deployment) {
    Map<String, String> all =
        new HashMap<>(
            ImagePins.read(
                Tree.annotation(deployment.path("spec").path("template"), ImagePins.ANNOTATION)));
    newestSet(deployment)
        .ifPresent(s -> all.putAll(ImagePins.read(Tree.annotation(s, ImagePins.ANNOTATION))));
    return all;
  }

  /** The digests in the template of the newest ReplicaSet. */
  Map<String, String> newestTemplateDigests(ObjectNode deployment) {
    return newestSet(deployment)
        .map(s -> s.path("spec").path("template"))
        .map(t -> ImagePins.read(Tree.annotation(t, ImagePins.ANNOTATION)))
        .orElse(Map.of());
  }

  private Optional<ObjectNode> newestSet(ObjectNode deployment) {
    return objects.list(Kind.REPLICA_SET, Optional.of(Tree.namespace(deployment))).stream()
        .filter(s -> Tree.controlledBy(s, Tree.uid(deployment)))
        .max(java.util.Comparator.comparingLong(DeploymentController::revision));
  }

  private void roll(ObjectNode deployment, Held held) {
    Map<String, String> now = effective(deployment);
    objects
        .apply(
            Kind.DEPLOYMENT,
            Tree.namespace(deployment),
            Tree.name(deployment),
            d -> {
              ObjectNode template = Tree.object(d, "spec", "template");
              TreeMap<String, String> digests = new TreeMap<>();
              for (String image : ImagePins.images(template)) {
                boolean moved = images.houseTag(image).filter(held.tag()::equals).isPresent();
                String digest = moved ? held.digest() : now.get(image);
                if (digest != null) {
                  digests.put(image, digest);
                }
              }
              DeploymentController.annotate(template, ImagePins.ANNOTATION, Json.write(digests));
              return d;
            })
        .ifPresent(d ->
            events.tell(
                ClusterEvents.Type.NORMAL,
                d,
                "",
                COMPONENT,
                "ImageMoved",
                held.tag() + " is now " + held.digest() + ": rolls out"));
  }

  /** Finds moves that nobody was told of because the process died in between. */
  void resume() {
    Map<String, String> current = new HashMap<>();
    for (ObjectNode deployment : objects.list(Kind.DEPLOYMENT, Optional.empty())) {
      for (String image : ImagePins.images(deployment.path("spec").path("template"))) {
        Optional<String> digest = images.currentDigest(image);
        images.houseTag(image).ifPresent(tag -> digest.ifPresent(d -> current.put(tag, d)));
      }
    }
    current.forEach((tag, digest) -> {
      Optional<Held> seen = ledger.get(SEEN, tag).map(s -> Json.read(s.body(), Held.class));
      if (seen.isPresent() && !seen.get().digest().equals(digest)) {
        Held missed = new Held("", tag, digest);
        ledger.write(tx -> {
          tx.put(SEEN, tag, Json.write(missed));
          return true;
        });
        release(missed, _ -> true);
      }
    });
  }
}
