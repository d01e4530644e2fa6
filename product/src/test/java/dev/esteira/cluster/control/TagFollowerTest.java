package dev.esteira.cluster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.TestingAddresses;
import dev.esteira.registry.Registry;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TagFollowerTest {
  private static final String IMAGE = "1.dkr.ecr.r.amazonaws.com/app:latest";
  private static final Access.Principal JOB = new Access.Principal("job/7", Optional.of("project"));

  private final Ledger ledger = new TestingLedger();
  private final InstantSource clock = InstantSource.system();
  private final Objects objects = Objects.over(ledger, clock, new TestingAddresses());
  private final TestingImages images = new TestingImages();
  private final ClusterEvents events = ClusterEvents.over(objects, clock);
  private final TagFollower tags =
      new TagFollower(objects, new EventWriter(events), ledger, images);
  private final DeploymentController deployments =
      new DeploymentController(objects, events, ledger, clock, new ImagePins(images, tags));
  private String first = "";

  @BeforeEach
  void aDeploymentRunsTheFirstImage() {
    ObjectNode namespace = Json.object();
    namespace.putObject("metadata").put("name", "default");
    if (objects.get(Kind.NAMESPACE, "", "default").isEmpty()) {
      objects.create(Kind.NAMESPACE, namespace);
    }
    first = images.tag(IMAGE, "sha256:one");
    objects.create(
        Kind.DEPLOYMENT,
        (ObjectNode)
            Json.parse(
                """
                {"metadata":{"name":"app","namespace":"default"},"spec":{"replicas":1,
                "selector":{"matchLabels":{"app":"app"}},
                "template":{"metadata":{"labels":{"app":"app"}},
                "spec":{"containers":[{"name":"c","image":"%s"}]}}}}
                """
                    .formatted(IMAGE)));
    deployments.reconcile("default/app");
  }

  private String move(String id, String by) {
    String digest = images.tag(IMAGE, id);
    int colon = IMAGE.lastIndexOf(':');
    tags.moved(
        new Registry.TagMoved(
            IMAGE.substring(0, colon), IMAGE.substring(colon + 1), new Digest(digest), by));
    return digest;
  }

  private ObjectNode deployment() {
    return objects.get(Kind.DEPLOYMENT, "default", "app").orElseThrow();
  }

  private long generation() {
    return deployment().at("/metadata/generation").asLong();
  }

  /** What the pods of the newest set are bound to, after the controller had its turn. */
  private String runs() {
    deployments.reconcile("default/app");
    return tags.effective(deployment()).getOrDefault(IMAGE, "nothing");
  }

  private int sets() {
    return objects.list(Kind.REPLICA_SET, Optional.of("default")).size();
  }

  @Test
  void aPushByAPersonRollsAtOnce() {
    String second = move("sha256:two", "user/ana");
    assertEquals(second, runs());
    assertEquals(2, sets());
    assertEquals(IMAGE, deployment().at("/spec/template/spec/containers/0/image").asText());
  }

  @Test
  void theSameImageAgainChangesNothing() {
    move("sha256:one", "user/ana");
    assertEquals(first, runs());
    assertEquals(1, sets());
  }

  @Test
  void aPushByAJobWaitsUntilTheJobLooksAtTheDeployment() {
    String second = move("sha256:two", "job/7");
    assertEquals(first, runs());
    long before = generation();
    tags.beforeDeployment(new Access.Principal("job/8", Optional.empty()), "default", "app");
    tags.beforeDeployment(JOB, "default", "other");
    assertEquals(before, generation());
    tags.beforeDeployment(JOB, "default", "app");
    // The answer shows it already: rollout status waits for the new generation
    assertNotEquals(before, generation());
    assertEquals(second, runs());
  }

  @Test
  void aJobThatSucceedsRollsWhatItPushed() {
    String second = move("sha256:two", "job/7");
    tags.jobEnded("7", true);
    assertEquals(second, runs());
    tags.jobEnded("7", true);
    assertEquals(2, sets());
  }

  @Test
  void aJobThatFailsRollsNothingAndAReplacedPodStaysOnTheOldImage() {
    move("sha256:two", "job/7");
    tags.jobEnded("7", false);
    tags.beforeDeployment(JOB, "default", "app");
    tags.resume();
    assertEquals(first, runs());
    assertEquals(1, sets());
  }

  @Test
  void aRestartWhileAJobHoldsTheTagStaysOnTheOldImage() {
    move("sha256:two", "job/7");
    restart("1");
    assertEquals(first, runs());
    assertEquals(2, sets());
  }

  @Test
  void aRestartTakesWhatTheTagMeansNow() {
    move("sha256:two", "job/7");
    tags.jobEnded("7", false);
    restart("1");
    assertNotEquals(first, runs());
  }

  private void restart(String when) {
    objects.apply(
        Kind.DEPLOYMENT,
        "default",
        "app",
        d -> {
          DeploymentController.annotate(
              Tree.object(d, "spec", "template"), "kubectl.kubernetes.io/restartedAt", when);
          return d;
        });
  }

  @Test
  void undoBringsTheOldImageBack() {
    move("sha256:two", "user/ana");
    runs();
    // kubectl rollout undo: the old set's template, without the hash
    objects.apply(
        Kind.DEPLOYMENT,
        "default",
        "app",
        d -> {
          Tree.object(d, "spec", "template", "metadata").remove("annotations");
          return d;
        });
    assertEquals(first, runs());
    assertEquals(2, sets());
  }

  @Test
  void aMoveThatNobodyHeardOfIsFoundAtTheNextStart() {
    move("sha256:one", "user/ana");
    String second = images.tag(IMAGE, "sha256:two");
    tags.resume();
    assertEquals(second, runs());
  }

  @Test
  void anAnnotationTurnsItOff() {
    objects.apply(
        Kind.DEPLOYMENT,
        "default",
        "app",
        d -> DeploymentController.annotate(d, TagFollower.FOLLOW, "false"));
    move("sha256:two", "user/ana");
    assertEquals(first, runs());
    assertEquals(1, sets());
  }
}
