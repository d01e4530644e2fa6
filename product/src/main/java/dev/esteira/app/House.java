package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.aws.AwsApi;
import dev.esteira.aws.AwsFeature;
import dev.esteira.aws.CodeCommitLogin;
import dev.esteira.aws.EksTokens;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.base.SecretFiles;
import dev.esteira.cli.Endpoints;
import dev.esteira.cluster.ClusterApi;
import dev.esteira.cluster.ClusterEvents;
import dev.esteira.cluster.Objects;
import dev.esteira.cluster.control.ControlPlane;
import dev.esteira.cluster.control.ImageSource;
import dev.esteira.cluster.control.RegistryImages;
import dev.esteira.console.Console;
import dev.esteira.console.LbApi;
import dev.esteira.edge.HaproxyEdge;
import dev.esteira.mirror.DownloadMirror;
import dev.esteira.pipeline.DurableRuns;
import dev.esteira.pipeline.gitlab.GitlabDialect;
import dev.esteira.runner.JobFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything of a running home, in the order in which it comes up; closed in reverse. What outlives
 * the process (containers, engine, HAProxy, networks) goes on after {@link #close}.
 */
final class House implements AutoCloseable {
  static final String VERSION = "0.1.0";
  private static final String KUBERNETES_VERSION = "1.32";
  private static final Duration POD_TOKEN_LIFETIME = Duration.ofHours(12);
  private static final String INSTANCE = Ids.random(8);

  private final Home home;
  private final Parts parts = new Parts();
  private final boolean rehearsal;

  House(Home home) {
    this(home, false);
  }

  /** A rehearsal opens every door, and begins no work that takes long. */
  House(Home home, boolean rehearsal) {
    this.home = home;
    this.rehearsal = rehearsal;
  }

  /** Returns when every door answers. */
  void start(Consumer<String> progress) {
    progress.accept("ledger, container engine, networks");
    Foundation base = Foundation.lay(home, parts);
    progress.accept("registry, repositories, load balancer");
    Warehouse warehouse = Warehouse.stock(base, parts);
    HaproxyEdge edge = startEdge(base);
    VirtualNetworks virtual = VirtualNetworks.open(base, parts);
    LoadBalancing balancing =
        LoadBalancing.open(base, edge, virtual.clouds(), Optional.of(virtual.vpcs()), parts);
    progress.accept("cluster and pipelines");
    ImageSource podImages = podImages(base, warehouse);
    Objects objects =
        Objects.over(base.ledger(), base.clock(), new NetworkAddresses(base.networks()));
    ControlPlane control =
        parts.add(
            control(base, edge, objects, new PodImageSource(podImages, warehouse.standIns())));
    DurableRuns runs = Pipelines.runs(base, warehouse, podImages, parts);
    warehouse.registry().onTagMoved(control::tagMoved);
    runs.onJobEnd(control::jobEnded);
    warehouse.repositories().accept(new CodeCommitLogin(base.access(), base.clock()));
    warehouse
        .repositories()
        .onPush(
            new PushStartsRun(
                base.access(), warehouse.repositories(), runs, base.addresses().consoleUrl()));
    Machines machines = Machines.open(base, warehouse, virtual, parts);
    ScalingGroups groups = ScalingGroups.open(base, machines, balancing, parts);
    progress.accept("doors");
    new Doors(base, parts)
        .open(
            console(base, warehouse, runs)
                .with(virtual.api(base, new NetworkNames(base, machines, objects)))
                .with(machines.api())
                .with(groups.api())
                .with(new LbApi(balancing.elb()))
                .handler(),
            warehouse.repositories().handler(),
            warehouse.registry().handler(),
            aws(base, warehouse, runs, machines, balancing, groups).handler(),
            cluster(base, objects, control).handler(),
            new DownloadMirror(new JobNotices(base, runs)),
            balancing.names(control.serviceNames()::addresses));
    control.start();
    runs.open();
    machines.start();
    groups.start();
    ClientFiles.write(home, base.authority(), base.addresses().kubernetesUrl());
    announce(base);
    if (!rehearsal) {
      warehouse.registry().prepare();
    }
  }

  private HaproxyEdge startEdge(Foundation base) {
    HaproxyEdge edge =
        parts.add(new HaproxyEdge(home, base.ledger(), base.networks(), base.clock()));
    edge.start();
    return edge;
  }

  private static ControlPlane control(
      Foundation base, HaproxyEdge edge, Objects objects, ImageSource images) {
    return new ControlPlane(
        new ControlPlane.Parts(
            base.home(),
            objects,
            ClusterEvents.over(objects, base.clock()),
            base.ledger(),
            base.engine(),
            base.networks(),
            edge,
            edge,
            images,
            base.clock()));
  }

  private static ImageSource podImages(Foundation base, Warehouse warehouse) {
    Access.Principal pods = new Access.Principal("pods", Optional.empty());
    String registry = base.addresses().registry();
    return new RegistryImages(
        warehouse.registry(),
        base.engine(),
        registry,
        () ->
            new ImageSource.Credential(
                registry, "pods", base.access().issueToken(pods, POD_TOKEN_LIFETIME)));
  }

  private static Console console(Foundation base, Warehouse warehouse, DurableRuns runs) {
    return new Console(
            new Console.Parts(
                base.access(),
                runs,
                base.logs(),
                warehouse.repositories(),
                new JobFiles(base.ledger(), warehouse.blobs(), base.clock()),
                () -> endpoints(base),
                base.addresses().gitUrl(),
                base.addresses().consoleUrl(),
                said ->
                    warehouse
                        .images()
                        .recipes()
                        .forEach(r -> warehouse.images().ensure(r.name(), said)),
                source -> base.networks().ownerOf(source).isPresent()))
        .withGitlab(GitlabDialect::projectNumber)
        .with(base.access().idTokens());
  }

  private static AwsApi aws(
      Foundation base,
      Warehouse warehouse,
      DurableRuns runs,
      Machines machines,
      LoadBalancing balancing,
      ScalingGroups groups) {
    AwsApi.ClusterEndpoint endpoint =
        new AwsApi.ClusterEndpoint(
            base.addresses().kubernetesUrl(), base.authority().rootPem(), KUBERNETES_VERSION);
    List<AwsFeature> features = new ArrayList<>(balancing.features());
    features.addAll(machines.features(groups.source()));
    features.addAll(groups.features());
    return new AwsApi(
        new AwsApi.Parts(
            base.access(),
            warehouse.registry(),
            base.ledger(),
            () -> endpoint,
            new JobNotices(base, runs),
            base.clock(),
            features));
  }

  private static ClusterApi cluster(Foundation base, Objects objects, ControlPlane control) {
    EksTokens tokens = new EksTokens(base.access(), base.ledger(), base.clock());
    return new ClusterApi(
        objects,
        base.clock(),
        new ClusterCallers(base.access(), base.authority(), tokens),
        control.podLogs(),
        control);
  }

  private static Endpoints endpoints(Foundation base) {
    Addresses addresses = base.addresses();
    return new Endpoints(
        VERSION,
        INSTANCE,
        ProcessHandle.current().pid(),
        addresses.house(),
        addresses.range(),
        addresses.consoleUrl(),
        addresses.gitUrl(),
        addresses.registryUrl(),
        addresses.kubernetesUrl(),
        addresses.awsUrl(),
        Warehouse.hostSocket(base));
  }

  private void announce(Foundation base) {
    try {
      SecretFiles.write(
          home.endpoints(), (Json.write(endpoints(base)) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw EsteiraException.internal("could not write " + home.endpoints(), e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(home.endpoints());
    } catch (IOException e) {
      throw EsteiraException.internal("could not remove " + home.endpoints(), e);
    } finally {
      parts.close();
    }
  }
}
