package dev.esteira.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        "A and B: an instance's id or Name tag, an address, job, pod, house or internet.",
        "",
        "Examples:",
        "  ./esteira net explain 'web->db:5432'",
        "  ./esteira net explain 'internet->i-0123456789abcdef0:80' --json",
        "  ./esteira net explain 'web->db' --protocol icmp",
      })
  static final class Explain implements Callable<Integer> {
    private static final Pattern WAY =
        Pattern.compile("\\s*([^>\\s]+?)\\s*->\\s*([^:\\s]+)(?::([0-9]{1,5}))?\\s*");

    private final Context context;

    @Parameters(paramLabel = "A->B:PORT", arity = "1..3", description = "The way in question.")
    private List<String> way = List.of();

    @Option(
        names = "--protocol",
        paramLabel = "NAME",
        defaultValue = "tcp",
        description = "tcp, udp or icmp (default: tcp).")
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
      String text = String.join("", way);
      Matcher parts = WAY.matcher(text);
      if (!parts.matches() || (parts.group(3) == null && !protocol.equals("icmp"))) {
        throw EsteiraException.invalid("'" + text + "' is not of the form 'A->B:PORT'");
      }
      String port = parts.group(3) == null ? "0" : parts.group(3);
      JsonNode answer =
          new HouseClient(context.home())
              .get(
                  "/api/v1/net/explain?from="
                      + HouseClient.encode(parts.group(1))
                      + "&to="
                      + HouseClient.encode(parts.group(2))
                      + "&port="
                      + port
                      + "&protocol="
                      + HouseClient.encode(protocol)
                      + "&sourcePort="
                      + sourcePort);
      if (json) {
        context.output().json(answer);
      } else {
        print(answer);
      }
      return answer.path("allowed").asBoolean() ? 0 : 1;
    }

    private void print(JsonNode answer) {
      String verdict = answer.path("allowed").asBoolean() ? "allowed" : "denied";
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
