package dev.esteira.cluster;

import dev.esteira.access.Access;
import dev.esteira.http.Exchange;
import java.util.Optional;

/** Tells who sends a request: by client certificate, bearer token or source address. */
@FunctionalInterface
public interface Authenticator {
  /** Empty when the caller is not known; the request is then answered 401. */
  Optional<Access.Principal> authenticate(Exchange exchange);
}
