package dev.esteira.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.IdTokens;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.util.List;

/** Where others find the key of the house's id tokens (OpenID Connect Discovery 1.0). */
final class OidcDoor {
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String KEYS = "/oauth/discovery/keys";

  private final IdTokens tokens;

  OidcDoor(IdTokens tokens) {
    this.tokens = tokens;
  }

  static boolean serves(String path) {
    return path.equals(DISCOVERY) || path.equals(KEYS);
  }

  void handle(Exchange exchange) throws IOException {
    exchange.json(200, exchange.path().equals(KEYS) ? tokens.keys() : discovery());
  }

  private static ObjectNode discovery() {
    ObjectNode node =
        Json.object().put("issuer", IdTokens.ISSUER).put("jwks_uri", IdTokens.ISSUER + KEYS);
    List.of("id_token").forEach(node.putArray("response_types_supported")::add);
    List.of("public").forEach(node.putArray("subject_types_supported")::add);
    List.of("RS256").forEach(node.putArray("id_token_signing_alg_values_supported")::add);
    return node;
  }
}
