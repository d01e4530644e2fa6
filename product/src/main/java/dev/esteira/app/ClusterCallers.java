package dev.esteira.app;

import dev.esteira.access.Access;
import dev.esteira.aws.EksTokens;
import dev.esteira.cluster.Authenticator;
import dev.esteira.http.Exchange;
import dev.esteira.names.CertificateAuthority;
import java.util.Optional;

/** Who calls the cluster's API: by our client certificate, an EKS token, or a token of ours. */
final class ClusterCallers implements Authenticator {
  private static final String BEARER = "Bearer ";

  private final Access access;
  private final CertificateAuthority authority;
  private final EksTokens eksTokens;

  ClusterCallers(Access access, CertificateAuthority authority, EksTokens eksTokens) {
    this.access = access;
    this.authority = authority;
    this.eksTokens = eksTokens;
  }

  @Override
  public Optional<Access.Principal> authenticate(Exchange exchange) {
    Optional<String> bearer =
        exchange
            .header("Authorization")
            .filter(h -> h.startsWith(BEARER))
            .map(h -> h.substring(BEARER.length()).strip());
    if (bearer.isPresent()) {
      return access.byToken(bearer.get()).or(() -> eksTokens.principal(bearer.get()));
    }
    return exchange.clientCertificates().stream()
        .findFirst()
        .flatMap(authority::verifyClient)
        .filter("admin"::equals)
        .map(name -> new Access.Principal(name, Optional.empty()));
  }
}
