package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Home;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.PodLogs;
import dev.esteira.cluster.ReadHook;
import dev.esteira.edge.Edge;
import dev.esteira.edge.Listeners;
import dev.esteira.engine.Engine;
import dev.esteira.net.Networks;
import dev.esteira.registry.Registry;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The controllers of the cluster and the runner of its pods. After a kill -9 they go on with what
 * the ledger says and the engine runs; nothing is restarted that need not be. Containers outlive
 * {@link #close}. Thread-safe.
 *
 * <p>Order: construct; give {@link #podLogs}, this as the {@link ReadHook}, and {@link
 * #serviceNames} to those who serve them; {@link #start} once engine, networks and balancers are
 * up; then let the registry tell {@link #tagMoved} and the runs {@link #jobEnded}.
 */
public final class ControlPlane implements AutoCloseable, ReadHook {
  private static final int WORKERS = 4;
  private static final long SWEEP_SECONDS = 60;

  /** Everything that the controllers work with. */
  public record Parts(
      Home home,
      Objects objects,
      ClusterEvents events,
      Ledger ledger,
      Engine engine,
      Networks networks,
      Edge edge,
      Listeners listeners,
      ImageSource images,
      InstantSource clock) {}

  private final Parts parts;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("control-timer").factory());
  private final EventWriter events;
  private final ServiceEdges edges;
  private final ProcessEnds ends = new ProcessEnds();
  private final HolderPool holders;
  private final PodRunner runner;
  private final TagFollower tags;
  private final DeploymentController deployments;
  private final ReplicaSetController replicaSets;
  private final ServiceController services;
  private final IngressController ingresses;
  private final WorkQueue deploymentQueue;
  private final WorkQueue setQueue;
  private final WorkQueue serviceQueue;
  private final WorkQueue ingressQueue;
  private final List<Watcher> watchers = new ArrayList<>();

  public ControlPlane(Parts parts) {
    this.parts = parts;
    this.events = new EventWriter(parts.events());
    this.edges = new ServiceEdges(parts.edge(), parts.clock());
    PodGround ground = new PodGround(parts.engine(), parts.networks());
    this.holders = new HolderPool(parts.engine(), ground, parts.home().id(), timer);
    this.runner =
        new PodRunner(
            new PodContext(
                parts.home(),
                parts.objects(),
                events,
                parts.ledger(),
                parts.engine(),
                parts.networks(),
                parts.images(),
                edges,
                ends,
                ground,
                holders,
                timer,
                parts.clock()));
    this.tags = new TagFollower(parts.objects(), events, parts.ledger(), parts.images());
    this.deployments =
        new DeploymentController(
            parts.objects(),
            parts.events(),
            parts.ledger(),
            parts.clock(),
            new ImagePins(parts.images(), tags));
    this.replicaSets = new ReplicaSetController(parts.objects(), parts.events(), parts.clock());
    this.services = new ServiceController(parts.objects(), parts.events(), parts.networks(), edges);
    this.ingresses =
        new IngressController(
            parts.objects(), parts.events(), parts.networks(), edges, parts.listeners());
    this.deploymentQueue = new WorkQueue("deployments", WORKERS, timer, this::deployment);
    this.setQueue = new WorkQueue("replicasets", WORKERS, timer, replicaSets::reconcile);
    this.serviceQueue = new WorkQueue("services", WORKERS, timer, this::service);
    this.ingressQueue = new WorkQueue("ingresses", WORKERS, timer, this::ingress);
  }

  private void deployment(String key) {
    deployments.reconcile(key).ifPresent(after -> deploymentQueue.addAfter(key, after));
  }

  private void service(String key) {
    services.reconcile(key).ifPresent(after -> serviceQueue.addAfter(key, after));
    int slash = key.indexOf('/');
    ingressesOf(Kind.SERVICE, key.substring(0, slash), key.substring(slash + 1));
  }

  private void ingress(String key) {
    ingresses.reconcile(key).ifPresent(after -> ingressQueue.addAfter(key, after));
  }

  /** What is behind them has changed. */
  private void ingressesOf(Kind kind, String namespace, String name) {
    for (ObjectNode ingress : parts.objects().list(Kind.INGRESS, Optional.of(namespace))) {
      if (IngressController.names(ingress, kind, name)) {
        ingressQueue.add(Tree.key(ingress));
      }
    }
  }

  /** Goes on with what is recorded, and begins to look after everything. */
  public void start() {
    events.start();
    ends.start();
    NodeObject.put(
        parts.objects(),
        parts.engine().info(),
        parts.networks().houseAddress(),
        parts.clock().instant());
    edges.resume();
    runner.resume();
    runner.sweep();
    deploymentQueue.start();
    setQueue.start();
    serviceQueue.start();
    ingressQueue.start();
    watch(Kind.POD, runner);
    watch(Kind.POD, new Each(this::podChanged));
    watch(Kind.REPLICA_SET, new Each(this::setChanged));
    watch(Kind.DEPLOYMENT, new Each(d -> deploymentQueue.add(Tree.key(d))));
    watch(Kind.SERVICE, new Each(s -> serviceQueue.add(Tree.key(s))));
    watch(Kind.INGRESS, new Each(i -> ingressQueue.add(Tree.key(i))));
    watch(Kind.SECRET, new Each(s -> ingressesOf(Kind.SECRET, Tree.namespace(s), Tree.name(s))));
    edges.ids().stream()
        .filter(id -> id.startsWith(ServiceEdges.SERVICES))
        .forEach(id -> serviceQueue.add(serviceKey(id)));
    ingresses.known().forEach(ingressQueue::add);
    tags.resume();
    var _ =
        timer.scheduleWithFixedDelay(
            () -> Thread.ofVirtual().start(runner::sweep),
            SWEEP_SECONDS,
            SWEEP_SECONDS,
            TimeUnit.SECONDS);
  }

  /** {@code service/NAMESPACE/NAME/PORT}, or more, to {@code NAMESPACE/NAME}. */
  private static String serviceKey(String id) {
    String[] parts = id.split("/");
    return parts[1] + "/" + parts[2];
  }

  private void watch(Kind kind, Watcher.Listener listener) {
    Watcher watcher = new Watcher(parts.objects(), kind, listener);
    watchers.add(watcher);
    watcher.start();
  }

  private void podChanged(ObjectNode pod) {
    String namespace = Tree.namespace(pod);
    Tree.controller(pod)
        .filter(o -> o.path("kind").asText("").equals(Kind.REPLICA_SET.kind()))
        .map(o -> o.path("name").asText(""))
        .ifPresent(set -> {
          setQueue.add(namespace + "/" + set);
          parts.objects().get(Kind.REPLICA_SET, namespace, set).ifPresent(this::ownerOf);
        });
    Set<Map.Entry<String, String>> labels = Tree.labels(pod).entrySet();
    for (ObjectNode service : parts.objects().list(Kind.SERVICE, Optional.of(namespace))) {
      var selector = Tree.texts(service.path("spec").path("selector"));
      if (!selector.isEmpty() && labels.containsAll(selector.entrySet())) {
        serviceQueue.add(Tree.key(service));
      }
    }
  }

  private void setChanged(ObjectNode set) {
    setQueue.add(Tree.key(set));
    ownerOf(set);
  }

  private void ownerOf(ObjectNode set) {
    Tree.controller(set)
        .filter(o -> o.path("kind").asText("").equals(Kind.DEPLOYMENT.kind()))
        .ifPresent(o -> deploymentQueue.add(Tree.namespace(set) + "/" + o.path("name").asText("")));
  }

  /** Hears of each object alone. */
  private record Each(Consumer<ObjectNode> each) implements Watcher.Listener {
    @Override
    public void listed(List<ObjectNode> objects) {
      objects.forEach(each);
    }

    @Override
    public void changed(ObjectNode object, Optional<ObjectNode> before) {
      each.accept(object);
      before.filter(b -> !Tree.labels(b).equals(Tree.labels(object))).ifPresent(each);
    }

    @Override
    public void deleted(ObjectNode object) {
      each.accept(object);
    }
  }

  /** The output of containers, for the API. */
  public PodLogs podLogs() {
    return new EngineLogs(parts.objects(), parts.engine(), runner, parts.home().id());
  }

  /** Names under {@code cluster.local}, for the name server. */
  public ServiceNames serviceNames() {
    return new ServiceNames(parts.objects(), parts.networks().houseAddress());
  }

  /** What a job pushed to this Deployment's tags rolls before the job gets its answer. */
  @Override
  public void beforeDeployment(Access.Principal principal, String namespace, String name) {
    tags.beforeDeployment(principal, namespace, name);
  }

  /** A tag of the registry means another image now; recorded when this returns. */
  public void tagMoved(Registry.TagMoved event) {
    tags.moved(event);
    // The pusher does not wait for pods.
    Thread.ofVirtual().name("images-changed").start(runner::imagesChanged);
  }

  /** A job has ended: what its pushes hold is rolled out, or dropped. May be told again. */
  public void jobEnded(String jobId, boolean succeeded) {
    tags.jobEnded(jobId, succeeded);
  }

  /** Stops looking after things. Containers and traffic go on. */
  @Override
  public void close() {
    watchers.forEach(Watcher::close);
    deploymentQueue.close();
    setQueue.close();
    serviceQueue.close();
    ingressQueue.close();
    timer.shutdownNow();
    runner.close();
    holders.close();
    ends.close();
    events.close();
  }
}
