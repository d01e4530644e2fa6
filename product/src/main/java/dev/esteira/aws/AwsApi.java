package dev.esteira.aws;

import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import dev.esteira.names.RealNames;
import dev.esteira.registry.Registry;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The AWS APIs of a home, for unmodified clients: STS, ECR, EKS and what its features add. One
 * handler serves the AWS port and the real host names alike, because the service stands in the
 * signature's scope. Thread-safe.
 *
 * <p>Requests are signed (Signature Version 4) with keys of {@link Access}. What is not supported
 * answers an error in its protocol's own shape, so that clients print it, and logs one line.
 */
public final class AwsApi {
  private static final Logger LOG = Logger.getLogger(AwsApi.class.getName());
  private static final int BODY_BYTES_MAX = 8 << 20;

  /** Where the cluster's API is, and who signed its certificate. {@code version}: "1.32". */
  public record ClusterEndpoint(String url, String caPem, String version) {}

  /** Tells the principal's job, if it is one, a line about what was assumed for it. */
  @FunctionalInterface
  public interface Notices {
    void notice(Access.Principal principal, String line);
  }

  private final Authenticator authenticator;
  private final Map<String, Service> services = new HashMap<>();

  /** What the services are made of. */
  public record Parts(
      Access access,
      Registry registry,
      Ledger ledger,
      Supplier<ClusterEndpoint> cluster,
      Notices notices,
      InstantSource clock,
      List<AwsFeature> features) {
    public Parts {
      features = List.copyOf(features);
    }
  }

  public AwsApi(Parts parts) {
    Access access = parts.access();
    InstantSource clock = parts.clock();
    this.authenticator = new Authenticator(access, clock);
    services.put("sts", Sts.service(access, clock));
    services.put("ecr-public", EcrPublic.service(access, clock));
    services.put("ecr", Ecr.service(access, parts.registry(), parts.ledger(), clock));
    services.put(
        "eks",
        Eks.service(
            access, parts.cluster(), new ClusterNames(parts.ledger()), parts.notices(), clock));
    services.putAll(AwsFeature.services(parts.features()));
  }

  /** By the name in the signature's scope. */
  Map<String, Service> services() {
    return Map.copyOf(services);
  }

  /** The HTTP door: every path of the AWS port and of the real API hosts. */
  public Handler handler() {
    return this::handle;
  }

  private void handle(Exchange exchange) throws IOException {
    String requestId = Ids.uuid();
    byte[] body = exchange.body(BODY_BYTES_MAX);
    Protocol.Wire wire =
        new Protocol.Wire(
            exchange.method(), exchange.rawPath(), exchange.query(), headers(exchange), body);
    Protocol.Answer answer;
    try {
      Caller caller =
          Unsigned.isMeant(wire) ? Unsigned.CALLER : authenticator.authenticate(exchange, body);
      Service service = services.get(caller.service());
      answer =
          service == null
              ? unknownService(caller.service(), wire, requestId)
              : call(service, caller, wire, requestId);
    } catch (AuthFailure.Refused refused) {
      answer = refuse(refused, exchange, wire, requestId);
    }
    exchange.set("x-amzn-RequestId", requestId);
    answer.headers().forEach(exchange::set);
    exchange.send(answer.status(), answer.contentType(), answer.body());
  }

  private static Protocol.Answer call(
      Service service, Caller caller, Protocol.Wire wire, String requestId) {
    Model model = service.model();
    Protocol protocol = Protocol.of(model);
    try {
      String operation = protocol.operation(model, wire).orElse("");
      Unsigned.check(caller, operation);
      Operation found = service.operations().get(operation);
      if (found == null) {
        throw unsupported(model, operation, wire);
      }
      Call call = new Call(caller, operation, protocol.parse(model, operation, wire));
      return protocol.answer(model, operation, found.call(call), requestId);
    } catch (AwsException e) {
      return protocol.error(model, e, requestId);
    } catch (EsteiraException e) {
      LOG.log(Level.WARNING, "a call of " + model.name() + " failed", e);
      return protocol.error(model, ofOurs(e), requestId);
    }
  }

  private static AwsException ofOurs(EsteiraException e) {
    int status = e.code().httpStatus();
    return status >= 500
        ? new AwsException("ServerException", 500, e.text())
        : new AwsException("InvalidParameterException", 400, e.text());
  }

  private static AwsException unsupported(Model model, String operation, Protocol.Wire wire) {
    // Some models hold only what is supported, so a name that they do not know may be a good one.
    boolean known = !operation.isEmpty();
    String name = known ? operation : wire.method() + " " + wire.rawPath();
    LOG.info(() -> "not supported: " + model.name() + ":" + name);
    boolean query = List.of("query", "ec2").contains(model.metadata("protocol"));
    String text =
        known
            ? "esteira does not support " + model.name() + ":" + name + " yet"
            : model.name() + " has no operation " + name;
    return new AwsException(query ? "InvalidAction" : "UnknownOperationException", 400, text);
  }

  private static Protocol.Answer unknownService(
      String service, Protocol.Wire wire, String requestId) {
    LOG.info(() -> "not supported: the service " + service);
    return UnknownService.answer(
        service,
        wire,
        new AwsException(
            "UnknownService", 400, "esteira does not support the service " + service + " yet"),
        requestId);
  }

  private Protocol.Answer refuse(
      AuthFailure.Refused refused, Exchange exchange, Protocol.Wire wire, String requestId) {
    Optional<Service> service = guess(exchange, wire);
    String message = String.valueOf(refused.getMessage());
    LOG.fine(() -> "refused: " + refused.failure() + ": " + message);
    if (service.isEmpty()) {
      return UnknownService.answer(
          "", wire, new AwsException(refused.failure().query(), 403, message), requestId);
    }
    Model model = service.get().model();
    Protocol protocol = Protocol.of(model);
    return protocol.error(model, protocol.refusal(refused.failure(), message), requestId);
  }

  /** Which service an unsigned or wrongly signed request was meant for. */
  private Optional<Service> guess(Exchange exchange, Protocol.Wire wire) {
    String[] scope =
        exchange
            .header("Authorization")
            .or(() -> exchange.query("X-Amz-Credential"))
            .orElse("")
            .split("/");
    Service scoped = scope.length > 3 ? services.get(scope[3]) : null;
    if (scoped != null) {
      return Optional.of(scoped);
    }
    if (RealNames.meaning(exchange.host()).orElse(null) instanceof RealNames.AwsApi api) {
      return Optional.ofNullable(services.get(api.service()));
    }
    return services.values().stream()
        .filter(s -> s.model().metadata("targetPrefix").length() > 0)
        .filter(s ->
            wire.headers()
                .getOrDefault("x-amz-target", "")
                .startsWith(s.model().metadata("targetPrefix")))
        .findFirst();
  }

  private static Map<String, String> headers(Exchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange.headers().forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
    return headers;
  }
}
