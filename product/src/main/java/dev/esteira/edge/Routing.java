package dev.esteira.edge;

import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.Optional;

/**
 * What a listener does with a request: the first rule whose conditions all hold acts. In patterns
 * {@code *} stands for any text and {@code ?} for one character.
 */
public record Routing(List<Rule> rules) {
  private static final int RULES_MAX = 200;

  public Routing {
    rules = List.copyOf(rules);
    if (rules.isEmpty() || rules.size() > RULES_MAX) {
      throw EsteiraException.invalid(
          rules.size() + " rules of a listener: expected 1 to " + RULES_MAX);
    }
  }

  /** Sends everything to one service. */
  public static Routing all(String service) {
    return new Routing(
        List.of(new Rule(List.of(), new Action.Forward(List.of(new Weighted(service, 1))))));
  }

  /** The one service that gets everything, if that is all there is to say. */
  Optional<String> only() {
    return rules.getFirst().conditions().isEmpty()
            && rules.getFirst().action() instanceof Action.Forward(List<Weighted> targets)
            && targets.size() == 1
            && targets.getFirst().weight() > 0
        ? Optional.of(targets.getFirst().service())
        : Optional.empty();
  }

  /** A rule; without conditions it holds for every request. */
  public record Rule(List<Condition> conditions, Action action) {
    public Rule {
      conditions = List.copyOf(conditions);
    }
  }

  /** A service and its share among those of the same rule. */
  public record Weighted(String service, int weight) {
    public Weighted {
      EdgeRules.checkId("service", service);
      if (weight < 0 || weight > 999) {
        throw EsteiraException.invalid("the weight " + weight + ": expected 0 to 999");
      }
    }
  }

  /** Holds when one of its values does. */
  public sealed interface Condition {
    /** Patterns of the path, case-sensitive, without the query. */
    record Path(List<String> patterns) implements Condition {
      public Path {
        patterns = List.copyOf(patterns);
      }
    }

    /** Patterns of the host without its port, any case. */
    record Host(List<String> patterns) implements Condition {
      public Host {
        patterns = List.copyOf(patterns);
      }
    }

    /** Patterns of a header's value, any case. */
    record Header(String name, List<String> patterns) implements Condition {
      public Header {
        patterns = List.copyOf(patterns);
      }
    }

    /** Methods, exactly. */
    record Method(List<String> methods) implements Condition {
      public Method {
        methods = List.copyOf(methods);
      }
    }

    /** Patterns of parameters in the query, any case. */
    record Query(List<Parameter> parameters) implements Condition {
      public Query {
        parameters = List.copyOf(parameters);
      }
    }

    /** Ranges of the client's own address, in CIDR form. */
    record Source(List<String> ranges) implements Condition {
      public Source {
        ranges.forEach(EdgeRules::checkRange);
        ranges = List.copyOf(ranges);
      }
    }
  }

  /** A parameter's name, empty for any, and the pattern of its value. */
  public record Parameter(String key, String value) {}

  /** What is done with the request. */
  public sealed interface Action {
    /** One of the services by its share; none when all shares are 0. */
    record Forward(List<Weighted> targets) implements Action {
      public Forward {
        targets = List.copyOf(targets);
      }
    }

    /** Parts may hold {@code #{protocol} #{host} #{port} #{path} #{query}} of the request. */
    record Redirect(
        int status, String protocol, String host, String port, String path, String query)
        implements Action {}

    record Fixed(int status, String contentType, String body) implements Action {}
  }
}
