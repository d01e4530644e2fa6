package dev.esteira.access;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.base.SecretBox;
import dev.esteira.store.Ledger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Deploy tokens of projects and groups (GitLab, "Deploy tokens"): a user name and a secret that
 * read or write images and read sources, until they expire or are revoked. Only a hash of the
 * secret is kept, except of the token named {@link #FOR_JOBS}, which jobs get as variables.
 * Durable, thread-safe.
 */
public final class DeployTokens {
  /** What a token can be allowed. */
  public static final Set<String> RIGHTS =
      Set.of("read_repository", "write_repository", "read_registry", "write_registry");

  /** Jobs get the token of this name as {@code CI_DEPLOY_USER} and {@code CI_DEPLOY_PASSWORD}. */
  static final String FOR_JOBS = "gitlab-deploy-token";

  private static final String KIND = "deploy-token";
  private static final String BY_SECRET = "deploy-token-secret";
  private static final int TOKENS_MAX = 10_000;
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final Ledger ledger;
  private final SecretBox box;
  private final InstantSource clock;

  DeployTokens(Ledger ledger, SecretBox box, InstantSource clock) {
    this.ledger = ledger;
    this.box = box;
    this.clock = clock;
  }

  /**
   * A token without its secret.
   *
   * @param scope {@code project/PATH} or {@code group/PATH}
   */
  public record DeployToken(
      String id, String scope, String name, String username, Set<String> rights, Instant expires) {
    public DeployToken {
      rights = Set.copyOf(rights);
    }
  }

  /** A token just made; its secret is told this once. */
  public record Made(DeployToken token, String secret) {}

  /** {@code sealed} is empty unless jobs get the token. */
  private record Kept(DeployToken token, String hash, String sealed) {}

  /** An empty user name means one made of the id; {@code lifetime} empty: for good. */
  public Made create(
      String scope, String name, String username, Set<String> rights, Optional<Duration> lifetime) {
    check(scope, name, rights);
    String secret = "gldt-" + Ids.random(40);
    Instant expires = clock.instant().plus(lifetime.orElse(FOREVER));
    DeployToken made =
        ledger.write(tx -> {
          if (tx.list(KIND, "").size() >= TOKENS_MAX) {
            throw EsteiraException.limit("there are " + TOKENS_MAX + " deploy tokens already");
          }
          String id = Long.toString(tx.next("deploy-tokens"));
          String user = username.isEmpty() ? "gitlab+deploy-token-" + id : username;
          DeployToken token = new DeployToken(id, scope, name, user, rights, expires);
          String sealed = name.equals(FOR_JOBS) ? box.seal(secret) : "";
          tx.put(KIND, id, Json.write(new Kept(token, hash(secret), sealed)));
          tx.put(BY_SECRET, hash(secret), id);
          return token;
        });
    return new Made(made, secret);
  }

  private static void check(String scope, String name, Set<String> rights) {
    if (!scope.matches("(project|group)/[A-Za-z0-9][A-Za-z0-9._/-]{0,254}")) {
      throw EsteiraException.invalid("'" + scope + "' is neither project/NAME nor group/NAME");
    }
    if (name.isBlank() || name.length() > 255) {
      throw EsteiraException.invalid("a deploy token needs a name of at most 255 characters");
    }
    if (rights.isEmpty() || !RIGHTS.containsAll(rights)) {
      throw EsteiraException.invalid(
          "a deploy token may have " + new TreeSet<>(RIGHTS) + ", but this asks for " + rights);
    }
  }

  /** The tokens of one scope, oldest first. */
  public List<DeployToken> list(String scope) {
    return ledger.list(KIND, "").stream()
        .map(stored -> Json.read(stored.body(), Kept.class).token())
        .filter(token -> token.scope().equals(scope))
        .toList();
  }

  /** Ends it at once. */
  public void revoke(String id) {
    ledger.write(tx -> {
      Kept kept =
          tx.get(KIND, id)
              .map(stored -> Json.read(stored.body(), Kept.class))
              .orElseThrow(() -> EsteiraException.notFound("there is no deploy token " + id));
      tx.delete(BY_SECRET, kept.hash());
      return tx.delete(KIND, id);
    });
  }

  Optional<Access.Principal> bySecret(String secret) {
    return ledger
        .get(BY_SECRET, hash(secret))
        .flatMap(stored -> ledger.get(KIND, stored.body()))
        .map(stored -> Json.read(stored.body(), Kept.class).token())
        .filter(token -> token.expires().isAfter(clock.instant()))
        .map(token ->
            new Access.Principal(
                "deploy-token/" + token.id(),
                Optional.empty(),
                Optional.of(new Access.Grant(token.scope(), token.rights()))));
  }

  /** What jobs of these scopes get; the last scope that has such a token counts. */
  List<Access.Variable> variables(List<String> scopes) {
    List<Access.Variable> found = List.of();
    for (String scope : scopes) {
      for (Ledger.Stored stored : ledger.list(KIND, "")) {
        Kept kept = Json.read(stored.body(), Kept.class);
        DeployToken token = kept.token();
        boolean ours = token.scope().equals(scope) && !kept.sealed().isEmpty();
        if (ours && token.expires().isAfter(clock.instant())) {
          found =
              List.of(
                  new Access.Variable("CI_DEPLOY_USER", token.username(), false, false),
                  new Access.Variable("CI_DEPLOY_PASSWORD", box.open(kept.sealed()), true, false));
        }
      }
    }
    return found;
  }

  private static String hash(String secret) {
    return Digest.of(secret.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
