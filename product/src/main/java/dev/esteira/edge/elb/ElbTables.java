package dev.esteira.edge.elb;

import dev.esteira.edge.elb.LoadBalancers.Listener;
import dev.esteira.edge.elb.LoadBalancers.Rule;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Stored;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.StateJson;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What the ledger knows of load balancers, target groups, listeners and rules. */
final class ElbTables {
  private static final String LOAD_BALANCER = "elb-load-balancer";
  private static final String TARGET_GROUP = "elb-target-group";
  private static final String LISTENER = "elb-listener";
  private static final String RULE = "elb-rule";

  private ElbTables() {}

  static View view(Ledger ledger) {
    return view(kind -> ledger.list(kind, ""));
  }

  static View view(Transaction tx) {
    return view(kind -> tx.list(kind, ""));
  }

  private static View view(Function<String, List<Stored>> list) {
    return new View(
        read(list.apply(LOAD_BALANCER), LoadBalancer.class),
        read(list.apply(TARGET_GROUP), TargetGroup.class),
        read(list.apply(LISTENER), Listener.class),
        read(list.apply(RULE), Rule.class));
  }

  private static <T> List<T> read(List<Stored> all, Class<T> type) {
    return all.stream()
        .sorted(Comparator.comparingLong(Stored::created))
        .map(each -> StateJson.read(each.body(), type))
        .toList();
  }

  static void put(Transaction tx, LoadBalancer each) {
    tx.put(LOAD_BALANCER, each.arn(), StateJson.write(each));
  }

  static void put(Transaction tx, TargetGroup each) {
    tx.put(TARGET_GROUP, each.arn(), StateJson.write(each));
  }

  static void put(Transaction tx, Listener each) {
    tx.put(LISTENER, each.arn(), StateJson.write(each));
  }

  static void put(Transaction tx, Rule each) {
    tx.put(RULE, each.arn(), StateJson.write(each));
  }

  static void deleteLoadBalancer(Transaction tx, String arn) {
    view(tx).listenersOf(arn).forEach(each -> deleteListener(tx, each.arn()));
    tx.delete(LOAD_BALANCER, arn);
  }

  static void deleteListener(Transaction tx, String arn) {
    view(tx).rulesOf(arn).forEach(each -> deleteRule(tx, each.arn()));
    tx.delete(LISTENER, arn);
  }

  static void deleteRule(Transaction tx, String arn) {
    tx.delete(RULE, arn);
  }

  static void deleteTargetGroup(Transaction tx, String arn) {
    tx.delete(TARGET_GROUP, arn);
  }

  /** Everything as it was, because the edge did not take what was recorded meanwhile. */
  static void restore(Transaction tx, View before) {
    View now = view(tx);
    now.rules().forEach(each -> tx.delete(RULE, each.arn()));
    now.listeners().forEach(each -> tx.delete(LISTENER, each.arn()));
    now.targetGroups().forEach(each -> tx.delete(TARGET_GROUP, each.arn()));
    now.loadBalancers().forEach(each -> tx.delete(LOAD_BALANCER, each.arn()));
    before.loadBalancers().forEach(each -> put(tx, each));
    before.targetGroups().forEach(each -> put(tx, each));
    before.listeners().forEach(each -> put(tx, each));
    before.rules().forEach(each -> put(tx, each));
  }
}
