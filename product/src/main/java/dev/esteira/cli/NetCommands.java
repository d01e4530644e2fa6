package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.esteira.base.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code esteira net …}: questions about virtual networks. */
@Command(
    name = "net",
    description = "Says what reaches what in virtual private clouds, and what was denied.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./esteira net explain 'web->db:5432'",
      "  ./esteira net flows --denied",
    })
final class NetCommands {
  private NetCommands() {}

  static void addTo(CommandLine line, Context context) {
    line.addSubcommand(
        new CommandLine(new NetCommands())
            .addSubcommand(new Explain(context))
            .addSubcommand(new Flows(context)));
  }

  @Command(
      name = "explain",
      description =
          "Names the rule that decides whether A reaches B. Exit code 1 when it does not.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "A and B: an instance's id or Name tag, an address, job:ID, pod:NAMESPACE/NAME, house,",
        "internet; job and pod mean any of them.",
        "",
        "Examples:",
        "  ./esteira net explain 'web->db:5432'",
        "  ./esteira net explain 'internet->i-0123456789abcdef0:80' --json",
        "  ./esteira net explain 'web->db:53/udp' 'web->db/icmp' 'pod:default/app->web:80'",
      })
  static final class Explain implements Callable<Integer> {
    private final Context context;

    @Parameters(
        paramLabel = "A->B:PORT",
        arity = "1..*",
        description = "The ways in question; of several, --json prints an array.")
    private List<String> words = List.of();

    @Option(
        names = "--protocol",
        paramLabel = "NAME",
        defaultValue = "tcp",
        description = "tcp, udp or icmp (default: tcp), where a way names none.")
    private String protocol = "tcp";

    @Option(
        names = "--source-port",
        paramLabel = "PORT",
        defaultValue = "0",
        description = "The port of A (default: those that clients use).")
    private int sourcePort;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    Explain(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      HouseClient house = new HouseClient(context.home());
      ArrayNode answers = Json.array();
      for (NetWay way : NetWay.read(words, protocol)) {
        answers.add(house.get("/api/v1/net/explain" + way.query(sourcePort)));
      }
      if (json) {
        context.output().json(answers.size() == 1 ? answers.get(0) : answers);
      } else {
        answers.forEach(answer -> print(answer, answers.size() > 1));
      }
      return answers.valueStream().allMatch(a -> a.path("allowed").asBoolean()) ? 0 : 1;
    }

    private void print(JsonNode answer, boolean several) {
      String verdict = answer.path("allowed").asBoolean() ? "allowed" : "denied";
      if (several) {
        verdict = answer.path("from").asText() + "->" + answer.path("to").asText() + " " + verdict;
      }
      context.output().data(verdict + " by " + answer.path("decidedBy").asText());
      for (JsonNode step : answer.path("steps")) {
        context
            .output()
            .data(
                "  %s %s %s: %s"
                    .formatted(
                        step.path("allowed").asBoolean() ? "yes" : "NO ",
                        step.path("returning").asBoolean() ? "<-" : "->",
                        step.path("at").asText(),
                        step.path("rule").asText()));
      }
    }
  }

  @Command(
      name = "flows",
      description = "Lists the packets that were denied within the last hour, the latest first.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example:", "  ./esteira net flows --denied --json"})
  static final class Flows implements Callable<Integer> {
    private final Context context;

    @Option(names = "--denied", required = true, description = "Those that rules denied.")
    private boolean denied;

    @Option(names = "--json", description = "Print one JSON array.")
    private boolean json;

    Flows(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      JsonNode flows = new HouseClient(context.home()).get("/api/v1/net/denied");
      if (json) {
        context.output().json(flows);
      } else {
        context
            .output()
            .table(
                List.of("LAST", "FROM", "TO", "PROTOCOL", "PORT", "PACKETS", "BECAUSE"),
                flows,
                List.of(
                    "/lastAt",
                    "/source",
                    "/destination",
                    "/protocol",
                    "/port",
                    "/packets",
                    "/reason"));
      }
      return denied ? 0 : 2;
    }
  }
}
