package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code esteira lb …}: load balancers. They are made by {@code aws elbv2}. */
@Command(
    name = "lb",
    description = "Shows elastic load balancers and the health of their targets.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./esteira lb list"})
final class LbCommands {
  private LbCommands() {}

  static void addTo(CommandLine line, Context context) {
    line.addSubcommand(
        new CommandLine(new LbCommands())
            .addSubcommand(new ListAll(context))
            .addSubcommand(new Targets(context)));
  }

  private static JsonNode balancers(Context context) {
    return context.house().get("/api/v1/load-balancers");
  }

  @Command(
      name = "list",
      description = "Lists load balancers with the address at which this machine reaches them.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira lb list --json"})
  static final class ListAll extends ListCommand {
    ListAll(Context context) {
      super(
          context,
          List.of("NAME", "TYPE", "ADDRESS", "LISTENERS", "HEALTHY", "DNS NAME"),
          List.of("/name", "/type", "/address", "/listeners", "/healthy", "/dnsName"));
    }

    @Override
    JsonNode rows(HouseClient house) {
      return house.get("/api/v1/load-balancers");
    }
  }

  @Command(
      name = "targets",
      description = "Lists the targets behind load balancers, and why some are not healthy.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira lb targets"})
  static final class Targets implements Callable<Integer> {
    private final Context context;

    @Option(names = "--json", description = "Print one JSON list.")
    private boolean json;

    Targets(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode all = balancers(context);
      if (json) {
        context.output().json(all);
        return 0;
      }
      for (JsonNode balancer : all) {
        for (JsonNode group : balancer.path("targetGroups")) {
          for (JsonNode target : group.path("targets")) {
            context.output().data(line(balancer, group, target));
          }
        }
      }
      return 0;
    }

    private static String line(JsonNode balancer, JsonNode group, JsonNode target) {
      return "%s/%s %s:%d %s %s"
          .formatted(
              balancer.path("name").asText(),
              group.path("name").asText(),
              target.path("id").asText(),
              target.path("port").asInt(),
              target.path("state").asText(),
              target.path("description").asText())
          .strip();
    }
  }
}
