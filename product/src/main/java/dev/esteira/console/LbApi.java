package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.LoadBalancer;
import dev.esteira.edge.elb.LoadBalancers;
import dev.esteira.edge.elb.LoadBalancers.TargetGroup;
import dev.esteira.edge.elb.Targets.Health;
import dev.esteira.edge.elb.View;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** REST for load balancers: where they answer and who is behind them. */
public final class LbApi {
  private final LoadBalancers balancers;

  public LbApi(LoadBalancers balancers) {
    this.balancers = balancers;
  }

  void list(Exchange exchange) throws IOException {
    View view = balancers.view();
    ArrayNode all = Json.array();
    view.loadBalancers().forEach(each -> all.add(shown(view, each)));
    exchange.json(200, all);
  }

  private ObjectNode shown(View view, LoadBalancer each) {
    ObjectNode shown = Json.object();
    shown.put("name", each.name()).put("type", each.kind().word());
    shown.put("address", each.address()).put("dnsName", each.dnsName()).put("arn", each.arn());
    ArrayNode listeners = shown.putArray("listeners");
    view.listenersOf(each.arn())
        .forEach(listener -> listeners.add(listener.protocol() + ":" + listener.port()));
    ArrayNode groups = shown.putArray("targetGroups");
    int healthy = 0;
    int registered = 0;
    for (TargetGroup group : view.targetGroups()) {
      if (view.usersOf(group.arn()).contains(each.arn())) {
        List<LoadBalancers.Described> targets = balancers.described(group.arn());
        registered += targets.size();
        healthy +=
            (int) targets.stream().filter(t -> t.health().health() == Health.HEALTHY).count();
        show(groups.addObject(), group, targets);
      }
    }
    return shown.put("healthy", healthy + "/" + registered);
  }

  private static void show(
      ObjectNode shown, TargetGroup group, List<LoadBalancers.Described> targets) {
    ArrayNode list = shown.put("name", group.name()).putArray("targets");
    for (LoadBalancers.Described each : targets) {
      list.addObject()
          .put("id", each.target().id())
          .put("port", each.target().port())
          .put("state", each.health().health().name().toLowerCase(Locale.ROOT))
          .put("reason", each.health().reason())
          .put("description", each.health().description());
    }
  }
}
