package dev.esteira.aws;

import dev.esteira.access.Access;
import dev.esteira.store.Ledger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks tokens of {@code aws eks get-token}: a presigned GetCallerIdentity URL of STS, base64url
 * behind {@code k8s-aws-v1.}. Which STS host it names depends on the client's age and region, so
 * the signature is checked against the host inside. Thread-safe.
 */
public final class EksTokens {
  private static final String PREFIX = "k8s-aws-v1.";
  private static final int TOKEN_LENGTH_MAX = 16_384;
  private static final String CLUSTER_HEADER = "x-k8s-aws-id";

  /** How long such a token counts, whatever expiry it states, as the real service has it. */
  private static final long LIFETIME_SECONDS = 15 * 60;

  private final Authenticator authenticator;
  private final ClusterNames names;

  public EksTokens(Access access, Ledger ledger, InstantSource clock) {
    this.authenticator = new Authenticator(access, clock);
    this.names = new ClusterNames(ledger);
  }

  /** Whom the bearer token stands for; empty when it is none of these, wrong or too old. */
  public Optional<Access.Principal> principal(String token) {
    if (!token.startsWith(PREFIX) || token.length() > TOKEN_LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      byte[] url = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
      return ofUrl(URI.create(new String(url, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      // Not base64, no URL, or a signature with parts missing: no token of ours.
      return Optional.empty();
    }
  }

  private Optional<Access.Principal> ofUrl(URI url) {
    String query = Optional.ofNullable(url.getRawQuery()).orElse("");
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&")) {
      int equals = Math.max(pair.indexOf('='), 0);
      parameters.put(
          SigV4.decode(pair.substring(0, equals)),
          SigV4.decode(pair.substring(Math.min(equals + 1, pair.length()))));
    }
    SignatureParts stated =
        SignatureParts.ofQuery(name -> Optional.ofNullable(parameters.get(name)));
    boolean identity =
        url.getRawAuthority() != null
            && "GetCallerIdentity".equals(parameters.get("Action"))
            && "sts".equals(stated.service())
            && stated.signedHeaders().contains(CLUSTER_HEADER);
    return identity ? signedFor(stated, url, query) : Optional.empty();
  }

  private Optional<Access.Principal> signedFor(SignatureParts stated, URI url, String query) {
    SignatureParts parts =
        new SignatureParts(
            stated.accessKeyId(),
            stated.scope(),
            stated.signedHeaders(),
            stated.signature(),
            stated.amzDate(),
            Optional.of(LIFETIME_SECONDS));
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    for (String cluster : names.all()) {
      Map<String, String> headers = Map.of("host", url.getRawAuthority(), CLUSTER_HEADER, cluster);
      for (String payload : List.of(SigV4.sha256(new byte[0]), SigV4.UNSIGNED)) {
        try {
          return Optional.of(
              authenticator
                  .verify(
                      parts,
                      new SigV4.Signed("GET", path, query, parts.signedHeaders(), headers, payload))
                  .principal());
        } catch (AuthFailure.Refused e) {
          if (e.failure() != AuthFailure.MISMATCH) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.empty();
  }
}
