package dev.esteira.net.vpc;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.net.Networks;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Interfaces of virtual private clouds in namespaces of the kernel.
 *
 * <p>Order of calls: {@link #up} once the networks are up; {@link #metadata} when the port is
 * known. A VPC has its namespace as long as something has an interface in it. Thread-safe.
 */
public final class LinuxVpcs implements Vpcs, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LinuxVpcs.class.getName());
  private static final int WATCH_SECONDS = 5;

  private final CloudStore store;
  private final Networks networks;
  private final Interfaces interfaces;
  private final Kernel kernel;
  private @Nullable ScheduledThreadPoolExecutor watch;

  public LinuxVpcs(Home home, Clouds clouds, Networks networks, InstantSource clock) {
    this.store = clouds.store();
    this.networks = networks;
    this.interfaces =
        new Interfaces(store, Range.parse(networks.transitRange()), new SecureRandom());
    this.kernel = new Kernel(new Namespaces(home.id(), networks.houseAddress()), networks, clock);
  }

  /** Makes what recorded interfaces need, and goes on looking after it. */
  public synchronized void up() {
    networks.transitOwners(this::holderOf);
    store.onChange(kernel::follow);
    kernel.restore(store.now());
    if (watch == null) {
      watch = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("vpc-watch").factory());
      ScheduledFuture<?> _ =
          watch.scheduleWithFixedDelay(this::look, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void look() {
    try {
      kernel.restore(store.now());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "could not look after the virtual networks: {0}", e.getMessage());
    }
  }

  /** The tcp port of the house that answers at 169.254.169.254:80 of every instance. */
  @Override
  public void metadata(int port) {
    networks.metadata(port);
    kernel.metadata(port, store.now());
  }

  @Override
  public Interface take(String holder, Wanted wanted) {
    return shown(ours(() -> interfaces.take(holder, wanted)));
  }

  @Override
  public Optional<Interface> of(String holder) {
    return store.now().interfaceOf(holder).map(this::shown);
  }

  private Interface shown(NetworkInterface nic) {
    Subnet subnet = store.now().subnets().get(nic.subnetId());
    return new Interface(
        nic.id(),
        nic.holder(),
        nic.vpcId(),
        nic.subnetId(),
        subnet == null ? "" : subnet.zone(),
        nic.privateAddress(),
        nic.transitAddress(),
        nic.mac(),
        nic.securityGroupIds());
  }

  @Override
  public void plug(String holder, long pid) {
    Cloud cloud = store.now();
    NetworkInterface nic =
        cloud
            .interfaceOf(holder)
            .orElseThrow(() -> EsteiraException.notFound(holder + " has no network interface"));
    kernel.plug(cloud, nic, pid);
  }

  @Override
  public void release(String holder) {
    interfaces.release(holder);
  }

  @Override
  public void secure(String holder, List<String> securityGroupIds) {
    ours(() -> {
      Interfaces.secure(store, holder, securityGroupIds);
      return holder;
    });
  }

  @Override
  public Optional<String> holderOf(String transitAddress) {
    return store.now().interfaces().values().stream()
        .filter(i -> i.transitAddress().equals(transitAddress))
        .map(NetworkInterface::holder)
        .findFirst();
  }

  @Override
  public void bind(String poolAddress, String holder) {
    ours(() -> {
      interfaces.bind(poolAddress, holder);
      return holder;
    });
  }

  @Override
  public void unbind(String poolAddress) {
    interfaces.unbind(poolAddress);
  }

  @Override
  public void admit(Cloud.Admission admission) {
    ours(() -> {
      interfaces.admit(admission);
      return admission.member();
    });
  }

  @Override
  public void dismiss(String member) {
    interfaces.dismiss(member);
  }

  /** What was denied within the last hour, the latest first. */
  public List<DeniedFlow> denied() {
    return kernel.denied(store.now());
  }

  private static <T> T ours(Supplier<T> work) {
    try {
      return work.get();
    } catch (CloudRefusal e) {
      ErrorCode code =
          switch (e.code()) {
            case "InvalidIPAddress.InUse" -> ErrorCode.CONFLICT;
            case "InsufficientFreeAddressesInSubnet",
                "NetworkInterfaceLimitExceeded",
                "SecurityGroupsPerInterfaceLimitExceeded" ->
                ErrorCode.LIMIT;
            default -> e.code().endsWith("NotFound") ? ErrorCode.NOT_FOUND : ErrorCode.INVALID;
          };
      throw new EsteiraException(code, e.text(), e);
    }
  }

  /** Leaves everything in the kernel as it is and stops looking after it. */
  @Override
  public synchronized void close() {
    ScheduledThreadPoolExecutor watching = watch;
    if (watching != null) {
      watching.shutdownNow();
      watch = null;
    }
  }

  /** Removes every namespace and link of the home; what is recorded stays. */
  public static void down(Home home) {
    Namespaces.removeAll(home.id());
  }
}
