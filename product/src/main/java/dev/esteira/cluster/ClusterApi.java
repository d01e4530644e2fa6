package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * The Kubernetes API over {@link Objects}: discovery, OpenAPI, objects and their parts, as
 * unmodified kubectl clients from 1.20 on use it.
 *
 * <p>Everything but health and version wants a known caller. Failures are {@code metav1.Status}.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/">API concepts</a>
 */
public final class ClusterApi {
  private static final System.Logger LOG = System.getLogger(ClusterApi.class.getName());
  private static final Set<String> OPEN = Set.of("/version", "/healthz", "/livez", "/readyz");

  private final Authenticator authenticator;
  private final Documents documents;
  private final Verbs verbs;

  /**
   * Wires the API.
   *
   * @param objects as made by {@link Objects#over}
   */
  public ClusterApi(
      Objects objects,
      InstantSource clock,
      Authenticator authenticator,
      PodLogs logs,
      ReadHook hook) {
    if (!(objects instanceof LedgerObjects stored)) {
      throw new IllegalArgumentException("the API serves Objects.over(...) only");
    }
    this.authenticator = authenticator;
    this.documents = new Documents();
    this.verbs = new Verbs(stored, clock, logs, hook);
  }

  /** Answers every path of the API; mount it at the root of its own listener. */
  public Handler handler() {
    return this::handle;
  }

  private void handle(Exchange exchange) throws Exception {
    try {
      answer(exchange);
    } catch (ApiException e) {
      fail(exchange, e);
    } catch (EsteiraException e) {
      fail(exchange, ApiStatus.translate(e));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, exchange.method() + " " + exchange.path(), e);
      fail(exchange, ApiException.of(ApiException.Reason.INTERNAL, "Internal error: " + e));
    }
  }

  private void answer(Exchange exchange) throws IOException, InterruptedException {
    Optional<Access.Principal> caller = authenticator.authenticate(exchange);
    if (caller.isEmpty() && !OPEN.contains(exchange.path())) {
      throw ApiException.of(ApiException.Reason.UNAUTHORIZED, "Unauthorized");
    }
    if (documents.answer(exchange)) {
      return;
    }
    Optional<ResourcePath> path = ResourcePath.parse(exchange.path());
    if (path.isPresent() && caller.isPresent()) {
      verbs.answer(new Request(exchange, caller.get(), path.get()));
    } else if (caller.isPresent() && exchange.path().equals(AccessReviews.PATH)) {
      review(exchange, caller.get());
    } else {
      Optional<ApiException> absent = AbsentKind.refusal(exchange.method(), exchange.path());
      if (absent.isPresent()) {
        throw absent.get();
      }
      throw ApiException.of(
          ApiException.Reason.NOT_FOUND, "the server could not find the requested resource");
    }
  }

  private static void review(Exchange exchange, Access.Principal caller) throws IOException {
    byte[] body = exchange.body(Request.BODY_BYTES_MAX);
    if (ProtoObjects.isEncoded(body)) {
      exchange.json(201, AccessReviews.answer(caller, ProtoObjects.decode(body)));
    } else if (Json.parse(body) instanceof ObjectNode review) {
      exchange.json(201, AccessReviews.answer(caller, review));
    } else {
      throw ApiException.badRequest("the body of the request is not an object");
    }
  }

  private static void fail(Exchange exchange, ApiException failure) throws IOException {
    if (exchange.committed()) {
      throw new IOException("failed after the answer began: " + failure.text(), failure);
    }
    exchange.json(failure.reason().status(), ApiStatus.of(failure));
  }
}
