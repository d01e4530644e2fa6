package dev.esteira.fleet;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.net.vpc.Vpcs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The instances of a home on this machine. */
public final class LiveInstances implements Instances {
  private static final int INSTANCES_MAX = 200;
  private static final TerminateGuard NOBODY = instance -> false;

  private final Ground ground;
  private final InstanceBook book;
  private final MachineImages images;
  private final PublicAddresses addresses;
  private final Roles roles;
  private volatile TerminateGuard guard = NOBODY;

  LiveInstances(
      Ground ground,
      InstanceBook book,
      MachineImages images,
      PublicAddresses addresses,
      Roles roles) {
    this.ground = ground;
    this.book = book;
    this.images = images;
    this.addresses = addresses;
    this.roles = roles;
  }

  @Override
  public Instance launch(Launch launch) {
    return launch(launch, UnaryOperator.identity());
  }

  /** The same with settings of its own: {@code settings} changes the usual ones. */
  public Instance launch(Launch launch, UnaryOperator<Setup> settings) {
    Template template = launch.template();
    images.require(template.imageId());
    template.instanceProfile().ifPresent(roles::require);
    if (InstanceTypes.find(template.instanceType()).isEmpty()) {
      throw EsteiraException.invalid("there is no instance type '" + template.instanceType() + "'");
    }
    if (book.all().stream().filter(life -> !life.ended()).count() >= INSTANCES_MAX) {
      throw EsteiraException.limit("there are " + INSTANCES_MAX + " instances already");
    }
    Setup usual =
        new Setup(
            false, false, template.metadataTokensRequired(), givesAddress(template.network()));
    Life life = book.enter(fresh(launch, settings.apply(usual)));
    return shown(life.phase() == Life.Phase.CLAIMED ? claim(life) : life);
  }

  /** Default subnets give public addresses, others as they are set. */
  private boolean givesAddress(Vpcs.Wanted network) {
    return network
        .subnetId()
        .map(id -> ground.clouds().now().subnets().get(id))
        .map(dev.esteira.net.vpc.Subnet::mapPublicIp)
        .orElse(network.subnetId().isEmpty());
  }

  /**
   * What may be asked of an instance beyond its template.
   *
   * @param endsOnShutdown whether a shutdown from inside ends it, rather than stopping it
   * @param publicAddress whether it is given a public address while it runs
   * @param hopLimit how far answers of its metadata service go; told, and without effect here
   */
  public record Setup(
      boolean endsOnShutdown,
      boolean terminationProtected,
      boolean metadataTokensRequired,
      boolean publicAddress,
      RootDisk disk,
      int hopLimit) {
    private static final int HOP_LIMIT = 2;

    public Setup {
      // Where an earlier process has written the record, what it did not know is missing.
      disk = java.util.Objects.requireNonNullElse(disk, RootDisk.USUAL);
      hopLimit = hopLimit == 0 ? HOP_LIMIT : hopLimit;
    }

    /** With the usual disk. */
    public Setup(
        boolean endsOnShutdown,
        boolean terminationProtected,
        boolean metadataTokensRequired,
        boolean publicAddress) {
      this(
          endsOnShutdown,
          terminationProtected,
          metadataTokensRequired,
          publicAddress,
          RootDisk.USUAL,
          HOP_LIMIT);
    }

    public Setup endingOnShutdown(boolean now) {
      return new Setup(
          now, terminationProtected, metadataTokensRequired, publicAddress, disk, hopLimit);
    }

    public Setup protectedFromTermination(boolean now) {
      return new Setup(endsOnShutdown, now, metadataTokensRequired, publicAddress, disk, hopLimit);
    }

    public Setup requiringTokens(boolean now) {
      return new Setup(endsOnShutdown, terminationProtected, now, publicAddress, disk, hopLimit);
    }

    public Setup withPublicAddress(boolean now) {
      return new Setup(
          endsOnShutdown, terminationProtected, metadataTokensRequired, now, disk, hopLimit);
    }

    public Setup on(RootDisk now) {
      return new Setup(
          endsOnShutdown,
          terminationProtected,
          metadataTokensRequired,
          publicAddress,
          now,
          hopLimit);
    }

    public Setup withHopLimit(int now) {
      return new Setup(
          endsOnShutdown, terminationProtected, metadataTokensRequired, publicAddress, disk, now);
    }
  }

  private Life fresh(Launch launch, Setup setup) {
    Instant now = ground.clock().instant();
    return new Life(
        "i-0" + Ids.hex(16),
        reservation(launch.token()),
        launch.token(),
        launch.launchedBy(),
        Life.Phase.CLAIMED,
        0,
        false,
        launch.template(),
        setup,
        launch.tags(),
        Optional.empty(),
        now,
        Optional.empty(),
        "");
  }

  /** Launches whose tokens differ only behind the last {@code #} are one reservation. */
  static String reservation(String token) {
    int mark = token.lastIndexOf('#');
    String shared = mark < 0 ? token : token.substring(0, mark);
    return "r-0" + Digest.of(shared.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }

  private Life claim(Life life) {
    Vpcs.Interface network;
    try {
      network = ground.vpcs().take(Life.holder(life.id()), life.template().network());
    } catch (RuntimeException e) {
      book.forget(life.id());
      throw e;
    }
    return book.deliver(life.id(), new LifeEvent.Claimed(network));
  }

  /** Goes on with what an earlier process left. */
  void resume() {
    for (Life life : book.all()) {
      if (life.phase() == Life.Phase.CLAIMED) {
        // Its launch never returned, so nobody knows of it.
        ground.vpcs().release(Life.holder(life.id()));
        book.forget(life.id());
      } else {
        book.deliver(life.id(), new LifeEvent.HouseStarted());
      }
    }
  }

  @Override
  public List<Instance> all() {
    return book.all().stream()
        .filter(life -> life.phase() != Life.Phase.CLAIMED)
        .sorted(Comparator.comparing(Life::launchedAt).thenComparing(Life::id))
        .map(this::shown)
        .toList();
  }

  @Override
  public Optional<Instance> instance(String id) {
    return life(id).map(this::shown);
  }

  private Optional<Life> life(String id) {
    return book.life(id).filter(life -> life.phase() != Life.Phase.CLAIMED);
  }

  private Life require(String id) {
    return life(id).orElseThrow(() -> EsteiraException.notFound("there is no instance " + id));
  }

  Instance shown(Life life) {
    return new Instance(
        life.id(),
        life.reservationId(),
        state(life.phase()),
        life.template(),
        life.launchedBy(),
        life.tags(),
        network(life),
        life.ended()
            ? Optional.empty()
            : addresses.of(life.id()).map(PublicAddresses.Address::address),
        life.launchedAt(),
        life.endedAt(),
        life.healthy(),
        life.reason());
  }

  /** Its security groups are those of now: they are changed by way of its interface too. */
  private Vpcs.Interface network(Life life) {
    Vpcs.Interface claimed = life.network().orElseThrow();
    return ground
        .clouds()
        .now()
        .interfaceOf(Life.holder(life.id()))
        .map(now -> claimed.in(now.securityGroupIds()))
        .orElse(claimed);
  }

  private static State state(Life.Phase phase) {
    return switch (phase) {
      case CLAIMED, PENDING -> State.PENDING;
      case RUNNING -> State.RUNNING;
      case STOPPING -> State.STOPPING;
      case STOPPED -> State.STOPPED;
      case SHUTTING_DOWN -> State.SHUTTING_DOWN;
      case TERMINATED -> State.TERMINATED;
    };
  }

  @Override
  public void terminate(String id, String reason) {
    require(id);
    book.deliver(id, new LifeEvent.TerminateAsked(reason));
  }

  /** Whether somebody else ends the instance in time; asked before a person's call ends it. */
  public boolean takenOver(Instance instance) {
    return guard.takesOver(instance);
  }

  @Override
  public void stop(String id) {
    require(id);
    book.deliver(
        id, new LifeEvent.StopAsked("Client.UserInitiatedShutdown: User initiated shutdown"));
  }

  @Override
  public void start(String id) {
    require(id);
    book.deliver(id, new LifeEvent.StartAsked());
  }

  @Override
  public void reboot(String id) {
    require(id);
    book.deliver(id, new LifeEvent.RebootAsked());
  }

  @Override
  public void tag(String id, Map<String, String> set, List<String> removed) {
    require(id);
    book.deliver(id, new LifeEvent.Tagged(set, removed));
  }

  /** Puts it into these security groups. */
  public void secure(String id, List<String> securityGroupIds) {
    require(id);
    ground.vpcs().secure(Life.holder(id), securityGroupIds);
    ground
        .vpcs()
        .of(Life.holder(id))
        .ifPresent(network -> book.deliver(id, new LifeEvent.Secured(network)));
  }

  /** What was asked of it beyond its template, as it is now. */
  public Setup setup(String id) {
    return require(id).settings();
  }

  public void set(String id, Setup setup) {
    require(id);
    book.deliver(id, new LifeEvent.Changed(setup));
  }

  /** Another type or other user data, for its next start; only while it is stopped. */
  public void redo(String id, Template template) {
    if (require(id).phase() != Life.Phase.STOPPED) {
      throw EsteiraException.conflict("the instance " + id + " is not stopped");
    }
    book.deliver(id, new LifeEvent.Redone(template));
  }

  /** Gives it another instance profile, or takes the one that it has; {@code NOT_FOUND}. */
  public void profile(String id, Optional<String> profile) {
    require(id);
    profile.ifPresent(roles::require);
    book.deliver(id, new LifeEvent.Profiled(profile));
  }

  /** The last of what it wrote to its console. */
  public byte[] console(String id) {
    require(id);
    return new Box(ground, id).console();
  }

  /** The name of its container in the engine of this home. */
  public String container(String id) {
    require(id);
    return new Box(ground, id).name();
  }

  @Override
  public void onTerminateAsked(TerminateGuard asked) {
    guard = asked;
  }

  @Override
  public void onChange(Listener listener) {
    book.listen(life -> listener.changed(shown(life)));
  }
}
