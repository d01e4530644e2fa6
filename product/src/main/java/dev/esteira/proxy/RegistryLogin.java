package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Credentials for our registry's names: a token of this home as the password, under any user name
 * ({@code AWS}, {@code gitlab-ci-token} …).
 */
final class RegistryLogin {
  static final String ECR_PUBLIC = "public.ecr.aws";
  private static final String ECR = ".dkr.ecr.";

  private final Access access;
  private final String owner;

  /** The host of the last login by this owner at an account of ECR: all of them are this house. */
  private volatile String account = "";

  RegistryLogin(Access access, String owner) {
    this.access = access;
    this.owner = owner;
  }

  /** Who the credentials of {@code /auth} or of an {@code X-Registry-Auth} header stand for. */
  Optional<Access.Principal> principal(JsonNode credentials) {
    String auth = credentials.path("auth").asText("");
    String password = credentials.path("password").asText("");
    if (password.isEmpty() && !auth.isEmpty()) {
      String decoded = new String(decode(auth), StandardCharsets.UTF_8);
      password = decoded.substring(decoded.indexOf(':') + 1);
    }
    for (String token :
        new String[] {
          password,
          credentials.path("identitytoken").asText(""),
          credentials.path("registrytoken").asText("")
        }) {
      Optional<Access.Principal> principal =
          token.isEmpty() ? Optional.empty() : access.byToken(token.strip());
      if (principal.isPresent()) {
        return principal;
      }
    }
    return Optional.empty();
  }

  /** Remembers a login with valid credentials. */
  void loggedIn(String host, Access.Principal principal) {
    if (host.contains(ECR) && principal.name().equals(owner)) {
      account = host;
    }
  }

  /**
   * The host whose login counts for a push without credentials to another account of ECR. Old
   * clients' {@code ecr get-login} names this home's account, the files of their projects their
   * own; there the two are one.
   */
  Optional<String> accountFor(Optional<String> header, String host) {
    return Optional.of(account)
        .filter(known -> !known.isEmpty() && !known.equals(host) && host.contains(ECR))
        .filter(_ -> !isGiven(credentials(header)));
  }

  /** Whether the header holds a token of this home. */
  boolean isOurs(Optional<String> header) {
    return principal(credentials(header)).isPresent();
  }

  private static JsonNode credentials(Optional<String> header) {
    return header.map(RegistryLogin::parse).orElse(Json.object());
  }

  private static boolean isGiven(JsonNode credentials) {
    return !credentials.path("password").asText("").isEmpty()
        || !credentials.path("auth").asText("").isEmpty()
        || !credentials.path("identitytoken").asText("").isEmpty();
  }

  /**
   * Refuses a push without valid credentials: this owner's, the administrator's, or a deploy
   * token's that may write to the repository.
   */
  void checkPush(Optional<String> header, String repository) {
    JsonNode credentials = credentials(header);
    if (!isGiven(credentials)) {
      throw EngineError.refused("no basic auth credentials");
    }
    Access.Principal principal =
        principal(credentials)
            .orElseThrow(() ->
                EngineError.refused("denied: the token is not valid (any more); log in again"));
    if (!mayPush(principal, repository)) {
      throw EngineError.refused(
          "denied: this token belongs to "
              + principal.name()
              + ", which may not push to "
              + repository);
    }
  }

  /** A machine may push by its own role; a job's token opens nothing in another's hands. */
  private boolean mayPush(Access.Principal principal, String repository) {
    boolean own = principal.name().equals(owner);
    boolean job = principal.name().startsWith("job/");
    return (own && !job) || ((own || !job) && access.mayPush(principal, repository));
  }

  static JsonNode parse(String header) {
    byte[] bytes = decode(header);
    return bytes.length == 0 ? Json.object() : Json.parse(bytes);
  }

  private static byte[] decode(String text) {
    String standard = text.strip().replace('-', '+').replace('_', '/').replaceAll("=+$", "");
    try {
      return Base64.getDecoder().decode(standard);
    } catch (IllegalArgumentException e) {
      throw EngineError.invalid("X-Registry-Auth is no base64: " + e.getMessage());
    }
  }
}
