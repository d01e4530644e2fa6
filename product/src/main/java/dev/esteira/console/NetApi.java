package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.net.Networks;
import dev.esteira.net.vpc.CloudRefusal;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.DeniedFlow;
import dev.esteira.net.vpc.Explainer;
import dev.esteira.net.vpc.Explanation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** REST for questions about virtual networks: what reaches what, and what was denied. */
public final class NetApi {
  // A documentation address: nobody has it, so only rules for everybody speak of it.
  private static final String INTERNET = "198.51.100.1";

  /** Who is meant by a name. */
  public interface Names {
    /** The holders of the interfaces of instances with this name. */
    List<String> holders(String name);

    /** The address of {@code job:ID} or {@code pod:[NAMESPACE/]NAME} while it runs. */
    Optional<String> sandbox(String name);
  }

  private final Clouds clouds;
  private final Networks networks;
  private final Supplier<List<DeniedFlow>> denied;
  private final Names names;

  public NetApi(Clouds clouds, Networks networks, Supplier<List<DeniedFlow>> denied, Names names) {
    this.clouds = clouds;
    this.networks = networks;
    this.denied = denied;
    this.names = names;
  }

  void explain(Exchange exchange) throws IOException {
    try {
      Explanation.Question question =
          new Explanation.Question(
              end(wanted(exchange, "from")),
              end(wanted(exchange, "to")),
              exchange.query("protocol").orElse("tcp"),
              number(exchange, "port"),
              number(exchange, "sourcePort"));
      Explainer explainer = new Explainer(clouds.now(), Explainer.Around.of(networks));
      exchange.json(200, Json.mapper().valueToTree(explainer.explain(question)));
    } catch (CloudRefusal e) {
      ErrorCode code = e.code().endsWith("NotFound") ? ErrorCode.NOT_FOUND : ErrorCode.INVALID;
      throw new EsteiraException(code, e.text(), e);
    }
  }

  private static String wanted(Exchange exchange, String name) {
    return exchange
        .query(name)
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> EsteiraException.invalid("'" + name + "' is missing"));
  }

  private static int number(Exchange exchange, String name) {
    String text = exchange.query(name).orElse("0");
    if (!text.matches("[0-9]{1,5}")) {
      throw EsteiraException.invalid("'" + text + "' is no port");
    }
    return Integer.parseInt(text);
  }

  private Explanation.End end(String name) {
    if (name.equals("internet")) {
      return new Explanation.Address("internet", INTERNET, true);
    }
    if (name.equals("house")) {
      return new Explanation.Address(name, networks.houseAddress(), false);
    }
    if (name.startsWith("job:") || name.startsWith("pod:")) {
      String address =
          names
              .sandbox(name)
              .orElseThrow(() -> EsteiraException.notFound("'" + name + "' does not run"));
      return new Explanation.Address(name + " (" + address + ")", address, false);
    }
    if (name.equals("job") || name.equals("pod")) {
      // Their bridges come and go; rules see them by the part of the range they live in.
      String first = networks.sandboxRange().replaceFirst("0\\.0/[0-9]+$", "");
      String address = first + (name.equals("pod") ? "128.2" : "0.2");
      return new Explanation.Address(name + " (" + address + ")", address, false);
    }
    if (name.matches("[0-9]+(\\.[0-9]+){3}")) {
      return new Explanation.Address(name, name, false);
    }
    if (name.matches("i-[0-9a-f]+")) {
      return new Explanation.Inside(name, "instance/" + name);
    }
    List<String> holders = names.holders(name);
    if (holders.size() != 1) {
      throw EsteiraException.notFound(
          holders.isEmpty()
              ? "'" + name + "' is no instance, address, job:ID, pod:NAME, house or internet"
              : "'" + name + "' means several: " + String.join(", ", holders));
    }
    return new Explanation.Inside(name, holders.getFirst());
  }

  void denied(Exchange exchange) throws IOException {
    ArrayNode all = Json.array();
    denied
        .get()
        .forEach(flow ->
            all.add(Json.mapper().<com.fasterxml.jackson.databind.JsonNode>valueToTree(flow)));
    exchange.json(200, all);
  }
}
