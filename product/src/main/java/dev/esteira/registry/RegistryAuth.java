package dev.esteira.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.access.Access.Principal;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may do what at the registry's door (Docker registry v2 token authentication). The challenge
 * leads back to the host that the client asked for, because the same registry answers under many
 * names.
 */
final class RegistryAuth {
  private static final int FORM_BYTES_MAX = 64 << 10;

  /** Other than the code's own text, which Docker would leave out as saying nothing new. */
  private static final String LOGIN = "log in first: any user name, and a token as the password";

  private static final Set<String> ALL = Set.of("pull", "push", "delete", "*");

  /** A known caller; {@code granted} is empty when nothing narrows the principal's own rights. */
  record Caller(Principal principal, Optional<List<Scope>> granted) {}

  private final Access access;
  private final Passes passes;
  private final InstantSource clock;
  private final String externalUrl;

  RegistryAuth(Access access, InstantSource clock, String externalUrl) {
    this.access = access;
    this.passes = new Passes(access, clock);
    this.clock = clock;
    this.externalUrl = externalUrl;
  }

  /** Demands that the caller may do this to the repository. */
  Principal require(Exchange exchange, String type, String name, String action) {
    Scope wanted = new Scope(type, name, Set.of(action));
    Caller caller = caller(exchange).orElseThrow(() -> challenge(exchange, Optional.of(wanted)));
    if (!may(caller.principal(), name, action)) {
      throw new RegistryError(
          RegistryError.Code.DENIED, caller.principal().name() + " may not " + action + " " + name);
    }
    if (caller.granted().isPresent()
        && caller.granted().get().stream().noneMatch(scope -> scope.covers(wanted))) {
      throw challenge(exchange, Optional.of(wanted));
    }
    return caller.principal();
  }

  /** Demands a known caller, whatever it may do. */
  void requireKnown(Exchange exchange) {
    if (caller(exchange).isEmpty()) {
      throw challenge(exchange, Optional.empty());
    }
  }

  private Optional<Caller> caller(Exchange exchange) {
    String header = exchange.header("Authorization").orElse("");
    if (startsWith(header, "Basic ")) {
      return password(header).flatMap(access::byToken).map(p -> new Caller(p, Optional.empty()));
    }
    if (startsWith(header, "Bearer ")) {
      String bearer = header.substring("Bearer ".length()).strip();
      return passes
          .open(bearer)
          .or(() -> access.byToken(bearer).map(p -> new Caller(p, Optional.empty())));
    }
    return Optional.empty();
  }

  private RegistryError challenge(Exchange exchange, Optional<Scope> wanted) {
    StringBuilder challenge =
        new StringBuilder("Bearer realm=\"" + base(exchange) + "/token\"")
            .append(",service=\"" + service(exchange) + "\"");
    wanted.ifPresent(scope ->
        challenge.append(
            ",scope=\"" + scope.type() + ":" + scope.name() + ":" + scope.asked() + "\""));
    boolean tried = exchange.header("Authorization").isPresent();
    if (tried && wanted.isPresent()) {
      challenge.append(",error=\"insufficient_scope\"");
    }
    exchange.set("WWW-Authenticate", challenge.toString());
    return new RegistryError(
        RegistryError.Code.UNAUTHORIZED, tried ? "the token given is not valid for this" : LOGIN);
  }

  private String base(Exchange exchange) {
    String host = exchange.host();
    return host.isEmpty() ? externalUrl : (exchange.secure() ? "https://" : "http://") + host;
  }

  private String service(Exchange exchange) {
    return exchange.host().isEmpty() ? "esteira" : exchange.host();
  }

  /** What a principal may do to a repository; {@code *} stands for the catalog. */
  private Set<String> rights(Principal principal, String repository) {
    return ALL.stream()
        .filter(action -> may(principal, repository, action))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Writing includes reading, as it does for GitLab's tokens in practice: a push asks for both. */
  private boolean may(Principal principal, String repository, String action) {
    return switch (action) {
      case "pull" ->
          principal.grant().map(g -> g.allows("read_registry", repository)).orElse(true)
              || access.mayPush(principal, repository);
      case "push" -> access.mayPush(principal, repository);
      default -> principal.isAdmin() || principal.name().startsWith("user/");
    };
  }

  /** {@code /token}: GET with basic credentials, or POST with a form (OAuth 2 password grant). */
  void token(Exchange exchange) throws IOException {
    Optional<String> password;
    List<String> asked = new ArrayList<>();
    if (exchange.method().equals("POST")) {
      Form form = Form.read(exchange.body(FORM_BYTES_MAX));
      password = form.first("password");
      asked.addAll(form.all("scope"));
    } else {
      password = password(exchange.header("Authorization").orElse(""));
      asked.addAll(exchange.query().getOrDefault("scope", List.of()));
    }
    Optional<Principal> principal = password.flatMap(access::byToken);
    if (principal.isEmpty()) {
      exchange.set("WWW-Authenticate", "Basic realm=\"esteira\"");
      throw new RegistryError(
          RegistryError.Code.UNAUTHORIZED,
          password.isEmpty() ? LOGIN : "the password is not a valid token of this registry");
    }
    List<Scope> granted =
        Scope.parse(asked).stream()
            .map(s -> s.narrowed(rights(principal.get(), s.name())))
            .toList();
    String pass = passes.issue(password.orElseThrow(), granted);
    ObjectNode answer = Json.object().put("token", pass).put("access_token", pass);
    answer.put("expires_in", Passes.LIFETIME.toSeconds());
    answer.put("issued_at", clock.instant().toString());
    exchange.json(200, answer);
  }

  private static Optional<String> password(String header) {
    if (!startsWith(header, "Basic ")) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("Basic ".length()).strip());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean startsWith(String header, String scheme) {
    return header.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  /** A form body ({@code application/x-www-form-urlencoded}). */
  private record Form(List<String[]> pairs) {
    static Form read(byte[] body) {
      List<String[]> pairs = new ArrayList<>();
      for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
        String[] sides = pair.split("=", 2);
        String value = sides.length == 2 ? sides[1] : "";
        pairs.add(
            new String[] {
              URLDecoder.decode(sides[0], StandardCharsets.UTF_8),
              URLDecoder.decode(value, StandardCharsets.UTF_8)
            });
      }
      return new Form(pairs);
    }

    List<String> all(String name) {
      return pairs.stream().filter(p -> p[0].equals(name)).map(p -> p[1]).toList();
    }

    Optional<String> first(String name) {
      return all(name).stream().findFirst();
    }
  }
}
