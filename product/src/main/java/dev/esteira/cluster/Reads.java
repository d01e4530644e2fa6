package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The verbs get and list. */
final class Reads {
  private final LedgerObjects objects;
  private final InstantSource clock;

  Reads(LedgerObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void get(Request request) throws IOException {
    ObjectNode object = require(request);
    Answers form = Answers.wanted(request);
    request.exchange().json(200, form.one(request, object, clock.instant()));
  }

  ObjectNode require(Request request) {
    String name = request.path().requireName();
    return objects
        .get(request.kind(), request.path().scope(), name)
        .orElseThrow(() -> ApiException.notFound(request.kind(), name));
  }

  void list(Request request) throws IOException {
    Answers form = Answers.wanted(request);
    Objects.Listing listing = objects.snapshot(request.kind(), request.path().namespace());
    List<ObjectNode> matching = select(request, listing.items());
    Page page = page(request, matching);
    ObjectNode head = Json.object().put("resourceVersion", Long.toString(listing.revision()));
    page.next().ifPresent(n -> head.put("continue", n).put("remainingItemCount", page.remaining()));
    request.exchange().json(200, form.many(request, page.items(), head, clock.instant()));
  }

  static List<ObjectNode> select(Request request, List<ObjectNode> objects) {
    LabelSelector labels = request.labels();
    FieldSelector fields = request.fields();
    return objects.stream().filter(o -> labels.matches(o) && fields.matches(o)).toList();
  }

  private record Page(List<ObjectNode> items, Optional<String> next, int remaining) {}

  /** A page starts after the object that the {@code continue} token names. */
  private static Page page(Request request, List<ObjectNode> all) {
    List<ObjectNode> rest = new ArrayList<>(all);
    request
        .query("continue")
        .map(Reads::decode)
        .ifPresent(after -> rest.removeIf(o -> position(o).compareTo(after) <= 0));
    long limit = request.number("limit").filter(l -> l > 0).orElse((long) rest.size());
    if (rest.size() <= limit) {
      return new Page(rest, Optional.empty(), 0);
    }
    List<ObjectNode> items = rest.subList(0, (int) limit);
    return new Page(
        items, Optional.of(encode(position(items.getLast()))), rest.size() - items.size());
  }

  private static String position(ObjectNode object) {
    return Trees.namespace(object) + "/" + Trees.name(object);
  }

  private static String encode(String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(position.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("continue key is not valid: " + e.getMessage());
    }
  }
}
