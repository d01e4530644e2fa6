package dev.esteira.edge.elb;

import dev.esteira.net.Networks;
import dev.esteira.net.Networks.Admitted;
import dev.esteira.net.Networks.Guarded;
import dev.esteira.net.vpc.Cloud;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.NetworkInterface;
import dev.esteira.net.vpc.SecurityGroup;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The security groups of load balancers themselves: who may connect to them. Machines in clouds are
 * seen by their transit addresses, everybody else by their own; the host is seen as the load
 * balancer's own address, so it needs a rule for everybody. Changes act within a second.
 */
public final class FrontGuard implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FrontGuard.class.getName());
  private static final long LOOK_MILLIS = 500;
  private static final int PORT_MAX = 65_535;

  private final Supplier<View> views;
  private final Clouds clouds;
  private final Networks networks;
  private final ScheduledThreadPoolExecutor looks =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("elb-guard").factory());
  private @Nullable View seenView;
  private @Nullable Cloud seenCloud;

  /** None until the first look, which puts right what an earlier process left. */
  private @Nullable List<Guarded> applied;

  public FrontGuard(LoadBalancers balancers, Clouds clouds, Networks networks) {
    this.views = balancers::view;
    this.clouds = clouds;
    this.networks = networks;
  }

  public void start() {
    look();
    ScheduledFuture<?> _ =
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Values are replaced whole, so that the same object means the same content. */
  @SuppressWarnings("ReferenceEquality")
  private synchronized void look() {
    View view = views.get();
    Cloud cloud = clouds.now();
    if (view == seenView && cloud == seenCloud) {
      return;
    }
    try {
      List<Guarded> wanted = of(view, cloud);
      if (!wanted.equals(applied)) {
        networks.guard(wanted);
        applied = wanted;
      }
      seenView = view;
      seenCloud = cloud;
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "could not guard the load balancers yet, trying again", e);
    }
  }

  /** Pure. Those without security groups are open. */
  static List<Guarded> of(View view, Cloud cloud) {
    return view.loadBalancers().stream()
        .filter(each -> !each.securityGroups().isEmpty())
        .map(each -> new Guarded(each.address(), admitted(each, cloud)))
        .toList();
  }

  private static List<Admitted> admitted(LoadBalancer balancer, Cloud cloud) {
    Set<Admitted> admitted = new LinkedHashSet<>();
    for (String id : balancer.securityGroups()) {
      SecurityGroup group = cloud.groups().get(id);
      if (group == null) {
        continue;
      }
      for (SecurityGroup.Rule rule : group.rules()) {
        boolean all = rule.protocol().equals("-1");
        if (!rule.egress() && (all || rule.protocol().equals("tcp"))) {
          int from = all ? 0 : rule.fromPort();
          int to = all ? PORT_MAX : rule.toPort();
          sources(rule.peer(), cloud).forEach(range -> admitted.add(new Admitted(range, from, to)));
        }
      }
    }
    return List.copyOf(admitted);
  }

  private static List<String> sources(SecurityGroup.Peer peer, Cloud cloud) {
    List<String> sources = new ArrayList<>();
    Optional<String> range = peer.cidr();
    range.ifPresent(sources::add);
    for (NetworkInterface each : cloud.interfaces().values()) {
      boolean member = peer.groupId().map(each.securityGroupIds()::contains).orElse(false);
      if (member || range.map(r -> contains(r, each.privateAddress())).orElse(false)) {
        sources.add(each.transitAddress());
      }
    }
    peer.groupId()
        .ifPresent(id ->
            cloud.admissions().values().stream()
                .filter(each -> each.securityGroupIds().contains(id))
                .forEach(each -> sources.add(each.address())));
    return sources.stream().sorted().toList();
  }

  private static boolean contains(String range, String address) {
    int slash = range.indexOf('/');
    int bits = slash < 0 ? 32 : Integer.parseInt(range.substring(slash + 1));
    long base = number(slash < 0 ? range : range.substring(0, slash));
    return bits == 0 || base >> (32 - bits) == number(address) >> (32 - bits);
  }

  private static long number(String address) {
    long number = 0;
    for (String part : address.split("\\.")) {
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
