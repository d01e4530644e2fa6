package dev.esteira.edge.elb;

import dev.esteira.edge.Edge;
import dev.esteira.edge.elb.HealthState.Member;
import dev.esteira.edge.elb.HealthState.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Brings the servers of a target group to what its health says. Calls take turns. */
final class Rotation {
  private final Edge edge;
  private final Function<String, HealthState> states;
  private final Where where;

  /** Where a member is reached. */
  @FunctionalInterface
  interface Where {
    Optional<String> address(String group, Member member);
  }

  Rotation(Edge edge, Function<String, HealthState> states, Where where) {
    this.edge = edge;
    this.states = states;
    this.where = where;
  }

  synchronized void bring(String group) {
    HealthState state = states.apply(group);
    if (!state.used() || edge.services().stream().noneMatch(each -> each.id().equals(group))) {
      return;
    }
    Map<String, Edge.TargetState> present = new HashMap<>();
    edge.targets(group).forEach(each -> present.put(each.id(), each));
    for (String key : state.serving()) {
      Member member = state.members().get(key);
      if (member != null) {
        where
            .address(group, member)
            .ifPresent(
                address -> edge.add(group, new Edge.Target(key, address, member.target().port())));
      }
    }
    for (String key : present.keySet()) {
      Member member = state.members().get(key);
      if (member == null || member.status() instanceof Status.Absent) {
        edge.drop(group, key);
      } else if (!state.serving().contains(key)) {
        edge.rest(group, key);
      }
    }
  }

  synchronized void rest(String group, String key) {
    edge.rest(group, key);
  }

  /** Requests and connections that it still has. */
  int connections(String group, String key) {
    return edge.targets(group).stream()
        .filter(each -> each.id().equals(key))
        .mapToInt(Edge.TargetState::connections)
        .sum();
  }
}
