package dev.esteira.edge.elb;

import dev.esteira.base.EsteiraException;
import dev.esteira.edge.Edge;
import dev.esteira.edge.Listeners;
import dev.esteira.net.Networks;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Elastic load balancers over the edge. The tables say what is wanted; {@link Projection} brings
 * listeners and services to it, {@link Membership} keeps the targets and decides who serves. When
 * this process is gone, the edge goes on with the servers that it has, and its own connection
 * checks.
 */
public final class Elb implements LoadBalancers, Targets, AutoCloseable {
  private final Ledger ledger;
  private final Networks networks;
  private final Machines machines;
  private final Projection projection;
  private final Membership membership;

  private volatile View view = new View(List.of(), List.of(), List.of(), List.of());

  /** What this is made of; {@code edge} and {@code doors} are usually the same. */
  public record Parts(
      Ledger ledger,
      Networks networks,
      Edge edge,
      Listeners doors,
      Machines machines,
      InstantSource clock) {}

  public Elb(Parts parts) {
    this.ledger = parts.ledger();
    this.networks = parts.networks();
    this.machines = parts.machines();
    this.projection = new Projection(parts.edge(), parts.doors());
    this.membership = new Membership(parts, this, this::view);
  }

  /** Brings the edge to what is recorded, and begins to check. */
  public synchronized void start() {
    view = ElbTables.view(ledger);
    membership.load();
    view.loadBalancers().forEach(machines::admit);
    bring();
    membership.start();
  }

  /** Stops checking; traffic goes on. */
  @Override
  public void close() {
    membership.close();
  }

  @Override
  public View view() {
    return view;
  }

  /** The addresses of a load balancer's name; empty when it is none of ours. */
  public Optional<List<String>> addresses(String name) {
    return view.loadBalancers().stream()
        .filter(each -> each.dnsName().toLowerCase(Locale.ROOT).equals(name))
        .map(each -> List.of(each.address()))
        .findFirst();
  }

  /** Records a change, then brings everything to it; a change that the edge refuses is undone. */
  private synchronized void change(Consumer<Transaction> change) {
    View before = view;
    ledger.write(tx -> {
      change.accept(tx);
      return true;
    });
    view = ElbTables.view(ledger);
    try {
      bring();
    } catch (EsteiraException e) {
      ledger.write(tx -> {
        ElbTables.restore(tx, before);
        return true;
      });
      view = ElbTables.view(ledger);
      bring();
      throw e;
    }
  }

  private void bring() {
    projection.bring(view).forEach(membership::rotate);
    for (TargetGroup group : view.targetGroups()) {
      membership.configure(group, !view.usersOf(group.arn()).isEmpty());
    }
  }

  @Override
  public LoadBalancer create(LoadBalancer wanted) {
    Optional<LoadBalancer> same = ElbChecks.same(view, wanted);
    if (same.isPresent()) {
      return same.get();
    }
    LoadBalancer made = wanted.at(networks.takePoolAddress(holder(wanted.arn())));
    change(tx -> {
      if (ElbChecks.same(ElbTables.view(tx), wanted).isEmpty()) {
        ElbTables.put(tx, made);
      }
    });
    machines.admit(made);
    return made;
  }

  private static String holder(String arn) {
    return "elb/" + arn.substring(arn.indexOf("loadbalancer/") + "loadbalancer/".length());
  }

  @Override
  public void update(LoadBalancer changed) {
    change(tx -> {
      ElbChecks.loadBalancer(ElbTables.view(tx), changed.arn());
      ElbTables.put(tx, changed);
    });
    machines.admit(changed);
  }

  @Override
  public void deleteLoadBalancer(String arn) {
    Optional<LoadBalancer> balancer = view.loadBalancer(arn);
    if (balancer.isEmpty()) {
      return;
    }
    if ("true".equals(balancer.get().attributes().get("deletion_protection.enabled"))) {
      throw new ElbRefused(
          "OperationNotPermitted",
          "Load balancer '" + arn + "' cannot be deleted because deletion protection is enabled");
    }
    change(tx -> ElbTables.deleteLoadBalancer(tx, arn));
    machines.dismiss(arn);
    networks.releaseAddress(holder(arn));
  }

  @Override
  public synchronized TargetGroup create(TargetGroup wanted) {
    Optional<TargetGroup> same = ElbChecks.same(view, wanted);
    if (same.isPresent()) {
      return same.get();
    }
    membership.create(wanted, tx -> ElbTables.put(tx, wanted));
    view = ElbTables.view(ledger);
    return wanted;
  }

  @Override
  public void update(TargetGroup changed) {
    change(tx -> {
      ElbChecks.targetGroup(ElbTables.view(tx), changed.arn());
      ElbTables.put(tx, changed);
    });
  }

  @Override
  public synchronized void deleteTargetGroup(String arn) {
    change(tx -> {
      if (!ElbTables.view(tx).usersOf(arn).isEmpty()) {
        throw new ElbRefused(
            "ResourceInUse",
            "Target group '" + arn + "' is currently in use by a listener or a rule");
      }
      ElbTables.deleteTargetGroup(tx, arn);
    });
    membership.forget(arn);
  }

  @Override
  public LoadBalancers.Listener create(LoadBalancers.Listener wanted, Rule otherwise) {
    change(tx -> {
      ElbChecks.listener(ElbTables.view(tx), wanted, true);
      ElbTables.put(tx, wanted);
      ElbChecks.rule(ElbTables.view(tx), otherwise);
      ElbTables.put(tx, otherwise);
    });
    return wanted;
  }

  @Override
  public void update(LoadBalancers.Listener changed, Rule otherwise) {
    change(tx -> {
      ElbChecks.listener(ElbTables.view(tx), changed, false);
      ElbTables.put(tx, changed);
      ElbChecks.rule(ElbTables.view(tx), otherwise);
      ElbTables.put(tx, otherwise);
    });
  }

  @Override
  public void deleteListener(String arn) {
    change(tx -> {
      ElbChecks.listener(ElbTables.view(tx), arn);
      ElbTables.deleteListener(tx, arn);
    });
  }

  @Override
  public Rule create(Rule wanted) {
    change(tx -> {
      ElbChecks.rule(ElbTables.view(tx), wanted);
      ElbTables.put(tx, wanted);
    });
    return wanted;
  }

  @Override
  public void update(List<Rule> changed) {
    change(tx -> {
      // All first, because they may swap their priorities.
      changed.forEach(each -> {
        ElbChecks.rule(ElbTables.view(tx), each.arn());
        ElbTables.put(tx, each);
      });
      changed.forEach(each -> ElbChecks.rule(ElbTables.view(tx), each));
    });
  }

  @Override
  public void deleteRule(String arn) {
    change(tx -> {
      if (ElbChecks.rule(ElbTables.view(tx), arn).isDefault()) {
        throw new ElbRefused(
            "OperationNotPermitted", "Default rule '" + arn + "' cannot be deleted");
      }
      ElbTables.deleteRule(tx, arn);
    });
  }

  @Override
  public void register(String arn, List<Target> targets) {
    ElbChecks.targetGroup(view, arn);
    membership.register(arn, targets);
  }

  @Override
  public void deregister(String arn, List<Target> targets) {
    ElbChecks.targetGroup(view, arn);
    membership.deregister(arn, targets);
  }

  @Override
  public synchronized List<Described> described(String arn) {
    ElbChecks.targetGroup(view, arn);
    return membership.described(arn);
  }

  @Override
  public void register(String targetGroupArn, String instanceId) {
    TargetGroup group = ElbChecks.targetGroup(view, targetGroupArn);
    register(targetGroupArn, List.of(new Target(instanceId, group.port())));
  }

  @Override
  public void deregister(String targetGroupArn, String instanceId) {
    membership.deregister(targetGroupArn, instanceId);
  }

  @Override
  public Optional<TargetHealth> health(String targetGroupArn, String instanceId) {
    return membership.health(targetGroupArn, instanceId);
  }

  @Override
  public void onHealth(Targets.Listener listener) {
    membership.onHealth(listener);
  }
}
