package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One call of the Engine API: the exchange and the parts of its path that the route named. */
record Call(Exchange exchange, List<String> parts) {
  private static final int BODY_BYTES_MAX = 4 << 20;
  private static final Set<String> TRUE = Set.of("1", "true", "True", "TRUE", "t", "T");

  Call {
    parts = List.copyOf(parts);
  }

  /** What answers a call. */
  @FunctionalInterface
  interface Action {
    void run(Call call) throws Exception;
  }

  String part(int index) {
    return parts.get(index);
  }

  /** The JSON body; an empty one is an empty object. */
  JsonNode body() {
    byte[] bytes = exchange.body(BODY_BYTES_MAX);
    return bytes.length == 0 ? Json.object() : Json.parse(bytes);
  }

  Optional<String> query(String name) {
    return exchange.query(name).filter(value -> !value.isEmpty());
  }

  boolean flag(String name) {
    return exchange.query(name).map(TRUE::contains).orElse(false);
  }

  List<String> queries(String name) {
    return exchange.query().getOrDefault(name, List.of());
  }

  /** These parameters, as the client gave them, for the engine. */
  String keepQuery(String... names) {
    List<Map.Entry<String, String>> kept = new ArrayList<>();
    for (String name : names) {
      queries(name).forEach(value -> kept.add(Map.entry(name, value)));
    }
    return EngineCalls.query(kept);
  }

  /** The filters of a list, in either of the two forms that clients write. */
  Filters filters() {
    return Filters.parse(query("filters"));
  }
}
