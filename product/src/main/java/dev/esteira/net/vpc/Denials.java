package dev.esteira.net.vpc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was denied, as the kernel counted it. Each table of rules has its own counters, so they are
 * read before it is replaced; the latest ones are kept here, as many as {@link #FLOWS_MAX}.
 */
final class Denials {
  static final int FLOWS_MAX = 5_000;
  private static final long TIMEOUT_SECONDS = 3_600;

  /** Which flow it is; what changes is counted. */
  private record Key(
      String vpcId, String source, String destination, String protocol, int port, String reason) {}

  private final InstantSource clock;
  private final Map<Key, DeniedFlow> kept = new LinkedHashMap<>();

  Denials(InstantSource clock) {
    this.clock = clock;
  }

  /** Reads what {@code nft -j list sets} says of sets that will be gone. */
  synchronized void keep(Vpc vpc, String listing, List<String> reasons) {
    for (DeniedFlow flow : read(vpc, listing, reasons)) {
      kept.merge(key(flow), flow, Denials::sum);
    }
    while (kept.size() > FLOWS_MAX) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  private static Key key(DeniedFlow flow) {
    return new Key(
        flow.vpcId(),
        flow.source(),
        flow.destination(),
        flow.protocol(),
        flow.port(),
        flow.reason());
  }

  private static DeniedFlow sum(DeniedFlow one, DeniedFlow other) {
    return new DeniedFlow(
        one.lastAt().isAfter(other.lastAt()) ? one.lastAt() : other.lastAt(),
        one.vpcId(),
        one.source(),
        one.destination(),
        one.protocol(),
        one.port(),
        one.packets() + other.packets(),
        one.reason());
  }

  /** The kept ones and these, the latest first. */
  synchronized List<DeniedFlow> with(List<DeniedFlow> current) {
    Map<Key, DeniedFlow> all = new LinkedHashMap<>(kept);
    current.forEach(flow -> all.merge(key(flow), flow, Denials::sum));
    return all.values().stream()
        .sorted(Comparator.comparing(DeniedFlow::lastAt).reversed())
        .limit(FLOWS_MAX)
        .toList();
  }

  List<DeniedFlow> read(Vpc vpc, String listing, List<String> reasons) {
    List<DeniedFlow> flows = new ArrayList<>();
    JsonNode root;
    try {
      root = Json.parse(listing);
    } catch (EsteiraException e) {
      // The table is not there, so nothing was denied by it.
      return flows;
    }
    for (JsonNode part : root.path("nftables")) {
      if (PolicyRules.DENIED.contains(part.path("set").path("name").asText())) {
        for (JsonNode each : part.path("set").path("elem")) {
          flows.add(flow(vpc, each.path("elem"), reasons));
        }
      }
    }
    return flows;
  }

  private DeniedFlow flow(Vpc vpc, JsonNode element, List<String> reasons) {
    JsonNode values = element.path("val").path("concat");
    int last = values.size() - 1;
    int reason = values.path(last).asInt();
    Instant at = clock.instant().minusSeconds(TIMEOUT_SECONDS - element.path("expires").asLong());
    return new DeniedFlow(
        at,
        vpc.id(),
        values.path(0).asText(),
        values.path(1).asText(),
        values.path(2).asText(),
        last == 4 ? values.path(3).asInt() : 0,
        element.path("counter").path("packets").asLong(),
        reason >= 1 && reason <= reasons.size() ? reasons.get(reason - 1) : "an earlier rule");
  }
}
