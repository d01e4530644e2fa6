package dev.esteira.console;

import dev.esteira.access.Access;
import dev.esteira.access.IdTokens;
import dev.esteira.base.Json;
import dev.esteira.git.Repositories;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import dev.esteira.http.Router;
import dev.esteira.observe.Logs;
import dev.esteira.pipeline.Runs;
import dev.esteira.runner.JobFiles;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The web pages and the REST door of the command line. REST and the list of projects need the
 * administrator's token (bearer, or the password of basic); the page of one run is reached by its
 * unguessable address, and never from inside a sandbox.
 */
public final class Console {
  /** What the console shows and changes. */
  public record Parts(
      Access access,
      Runs runs,
      Logs logs,
      Repositories repositories,
      JobFiles files,
      Supplier<Object> endpoints,
      String gitUrl,
      String consoleUrl,
      ImageWork images,
      Predicate<String> isSandbox) {}

  /** Makes the shipped images ready, telling how far it is. */
  @FunctionalInterface
  public interface ImageWork {
    void ensure(Consumer<String> progress);
  }

  private final Parts parts;
  private final Router router = new Router();
  private Optional<Handler> gitlab = Optional.empty();
  private Optional<OidcDoor> oidc = Optional.empty();

  public Console(Parts parts) {
    this.parts = parts;
    ProjectApi projects = new ProjectApi(parts);
    RunApi runs = new RunApi(parts);
    RunPage page = new RunPage(parts);
    add("GET", "/api/v1/status", projects::status);
    add("POST", "/api/v1/images", this::images);
    add("GET", "/api/v1/projects", projects::list);
    add("POST", "/api/v1/projects", projects::create);
    add("GET", "/api/v1/project", projects::show);
    add("GET", "/api/v1/variables", projects::variables);
    add("POST", "/api/v1/variables", projects::setVariables);
    add("DELETE", "/api/v1/variables", projects::deleteVariable);
    add("GET", "/api/v1/tokens", projects::tokens);
    add("POST", "/api/v1/tokens", projects::createToken);
    add("DELETE", "/api/v1/tokens", projects::revokeToken);
    add("GET", "/api/v1/runs", runs::list);
    add("GET", "/api/v1/runs/{id}", runs::show);
    add("GET", "/api/v1/runs/{id}/omitted", runs::omitted);
    RunActions actions = new RunActions(parts, runs);
    add("POST", "/api/v1/runs", actions::start);
    add("POST", "/api/v1/runs/{id}/cancel", actions::cancel);
    add("POST", "/api/v1/runs/{id}/retry", actions::retry);
    add("POST", "/api/v1/runs/{id}/job", actions::job);
    add("GET", "/api/v1/logs", runs::logs);
    ArtifactApi artifacts = new ArtifactApi(parts, runs);
    add("GET", "/api/v1/artifacts", artifacts::list);
    add("GET", "/api/v1/artifacts/zip", artifacts::get);
    DeployApi deploys = new DeployApi(parts);
    add("GET", "/api/v1/environments", deploys::environments);
    add("POST", "/api/v1/environments/stop", deploys::stopEnvironment);
    add("GET", "/api/v1/releases", deploys::releases);
    add("GET", "/api/v1/schedules", deploys::schedules);
    add("POST", "/api/v1/schedules", deploys::createSchedule);
    add("DELETE", "/api/v1/schedules", deploys::deleteSchedule);
    add("POST", "/api/v1/schedules/run", deploys::runSchedule);
    add("GET", "/", new IndexPage(parts)::show);
    router.add("GET", "/runs/{id}", page::run);
    router.add("GET", "/runs/{id}/state", page::state);
    router.add("GET", "/runs/{id}/log", page::log);
  }

  /** Answers for load balancers too. */
  public Console with(LbApi balancers) {
    add("GET", "/api/v1/load-balancers", balancers::list);
    return this;
  }

  /** Adds the questions about virtual networks. */
  public Console with(NetApi net) {
    add("GET", "/api/v1/net/explain", net::explain);
    add("GET", "/api/v1/net/denied", net::denied);
    return this;
  }

  /** Adds instances. */
  public Console with(InstanceApi instances) {
    add("GET", "/api/v1/instances", instances::list);
    add("GET", "/api/v1/instance", instances::show);
    add("GET", "/api/v1/instance/console", instances::console);
    return this;
  }

  /** Adds Auto Scaling groups. */
  public Console with(GroupApi groups) {
    add("GET", "/api/v1/groups", groups::list);
    add("GET", "/api/v1/group", groups::show);
    add("POST", "/api/v1/group", groups::set);
    add("GET", "/api/v1/group/activities", groups::activities);
    return this;
  }

  /** Answers GitLab's REST API as well, also inside sandboxes; projects have numbers there. */
  public Console withGitlab(Function<String, String> projectNumber) {
    RunActions actions = new RunActions(parts, new RunApi(parts));
    gitlab = Optional.of(new GitlabApi(parts, actions, projectNumber).handler());
    return this;
  }

  /** Publishes the key of id tokens. */
  public Console with(IdTokens tokens) {
    oidc = Optional.of(new OidcDoor(tokens));
    return this;
  }

  public Handler handler() {
    SiteDoor sites = new SiteDoor(parts.files().sites());
    return exchange -> {
      if (exchange.path().startsWith(SiteDoor.BASE)) {
        sites.handle(exchange);
        return;
      }
      if (gitlab.isPresent() && exchange.path().startsWith("/api/v4/")) {
        gitlab.get().handle(exchange);
        return;
      }
      if (oidc.isPresent() && OidcDoor.serves(exchange.path())) {
        oidc.get().handle(exchange);
        return;
      }
      if (fromSandbox(exchange)) {
        exchange.text(403, "The console does not answer inside sandboxes.\n");
        return;
      }
      router.handle(exchange);
    };
  }

  private void add(String method, String pattern, Handler handler) {
    router.add(
        method,
        pattern,
        exchange -> {
          if (isAdmin(exchange)) {
            handler.handle(exchange);
          } else {
            exchange.set("WWW-Authenticate", "Basic realm=\"esteira\"");
            exchange.text(401, "The password is the administrator's token (keys/admin-token).\n");
          }
        });
  }

  private boolean fromSandbox(Exchange exchange) {
    return exchange
        .remote()
        .map(address -> parts.isSandbox().test(address.getAddress().getHostAddress()))
        .orElse(false);
  }

  private boolean isAdmin(Exchange exchange) {
    return exchange
        .header("Authorization")
        .flatMap(Console::token)
        .flatMap(parts.access()::byToken)
        .map(Access.Principal::isAdmin)
        .orElse(false);
  }

  private static Optional<String> token(String header) {
    if (header.startsWith("Bearer ")) {
      return Optional.of(header.substring("Bearer ".length()).strip());
    }
    if (!header.startsWith("Basic ")) {
      return Optional.empty();
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(header.substring("Basic ".length()).strip()),
              java.nio.charset.StandardCharsets.UTF_8);
      return Optional.of(pair.substring(pair.indexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void images(Exchange exchange) throws IOException {
    JsonLines lines = new JsonLines(exchange);
    try {
      parts.images().ensure(text -> lines.send(Json.object().put("text", text)));
    } catch (dev.esteira.base.EsteiraException e) {
      lines.send(Json.object().put("error", e.text()));
    }
    lines.close();
  }
}
