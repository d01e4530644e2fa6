package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /events}: what happens to the owner's things, and nothing else. */
final class EventCalls {
  private final Scope scope;
  private final OwnedContainers containers;

  EventCalls(Scope scope, OwnedContainers containers) {
    this.scope = scope;
    this.containers = containers;
  }

  void events(Call call) throws IOException {
    Filters filters =
        call.filters()
            .map("container", c -> containers.find(c).map(f -> f.path("Id").asText()).orElse(c))
            .map("volume", scope.names()::named)
            .map("network", scope.names()::named)
            .map("image", i -> scope.names().image(NameTranslation.parse(i)));
    String kept = call.keepQuery("since", "until");
    String path =
        "/events"
            + kept
            + (kept.isEmpty() ? "?" : "&")
            + "filters="
            + EngineCalls.encode(filters.text());
    try (Engine.Answer answer = scope.raw().send("GET", path, List.of(), EngineCalls.none())) {
      EngineCalls.check(answer);
      Relay.head(call.exchange(), answer.status(), answer.headers());
      Relay.lines(answer.in(), event -> tell(call.exchange(), event));
    }
  }

  private void tell(Exchange exchange, JsonNode event) {
    if (!isOwn(event)) {
      return;
    }
    try {
      String line = Json.write(scope.names().outward(event)) + "\n";
      exchange.out().write(line.getBytes(StandardCharsets.UTF_8));
      exchange.out().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the client has gone", e);
    }
  }

  /** By the container's label, or by the name that only this owner's things have. */
  private boolean isOwn(JsonNode event) {
    JsonNode actor = event.path("Actor");
    JsonNode attributes = actor.path("Attributes");
    String owner = attributes.path(NameTranslation.OWNER_LABEL).asText("");
    String name = attributes.path("name").asText("");
    String id = actor.path("ID").asText("");
    return switch (event.path("Type").asText("")) {
      case "container" -> owner.equals(scope.owner().owner());
      case "image" -> scope.names().shownImage(name).isPresent();
      case "network" -> scope.names().ownsNamed(name) || name.equals(scope.owner().network());
      case "volume" -> scope.names().ownsNamed(id);
      default -> false;
    };
  }
}
