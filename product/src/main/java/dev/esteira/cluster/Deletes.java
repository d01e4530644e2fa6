package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The verbs delete and deletecollection. */
final class Deletes {
  private final LedgerObjects objects;

  Deletes(LedgerObjects objects) {
    this.objects = objects;
  }

  void one(Request request) throws IOException {
    Kind kind = request.kind();
    String name = request.path().requireName();
    String scope = request.path().scope();
    Options options = options(request);
    ObjectNode object =
        objects
            .delete(kind, scope, name, options.how(), options.dryRun())
            .orElseThrow(() -> ApiException.notFound(kind, name));
    boolean gone = options.dryRun() || objects.get(kind, scope, name).isEmpty();
    request.exchange().json(200, gone ? ApiStatus.deleted(kind, object) : object);
  }

  void collection(Request request) throws IOException {
    Options options = options(request);
    List<ObjectNode> all =
        Reads.select(request, objects.list(request.kind(), request.path().namespace()));
    for (ObjectNode object : all) {
      objects.delete(
          request.kind(),
          Trees.namespace(object),
          Trees.name(object),
          options.how(),
          options.dryRun());
    }
    ObjectNode list =
        Json.object()
            .put("kind", request.kind().kind() + "List")
            .put("apiVersion", request.kind().apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(objects.revision()));
    list.putArray("items").addAll(all);
    request.exchange().json(200, list);
  }

  private record Options(Deletion how, boolean dryRun) {}

  /** {@code DeleteOptions} come in the body or as parameters. */
  private static Options options(Request request) {
    byte[] body = request.body();
    JsonNode options =
        body.length == 0
            ? Json.object()
            : ProtoObjects.isEncoded(body) ? ProtoObjects.decode(body) : Json.parse(body);
    boolean dryRun = request.dryRun() || !options.path("dryRun").isEmpty();
    Optional<Long> grace =
        options.hasNonNull("gracePeriodSeconds")
            ? Optional.of(options.path("gracePeriodSeconds").asLong())
            : request.number("gracePeriodSeconds");
    Deletion how =
        new Deletion(
            propagation(request, options),
            grace,
            Trees.optional(options, "preconditions", "uid"),
            Trees.optional(options, "preconditions", "resourceVersion"));
    return new Options(how, dryRun);
  }

  private static Deletion.Propagation propagation(Request request, JsonNode options) {
    boolean orphan =
        options.path("orphanDependents").asBoolean() || request.flag("orphanDependents");
    String policy =
        Trees.optional(options, "propagationPolicy")
            .or(() -> request.query("propagationPolicy"))
            .orElse(orphan ? "Orphan" : "Background");
    return switch (policy) {
      case "Background" -> Deletion.Propagation.BACKGROUND;
      case "Foreground" -> Deletion.Propagation.FOREGROUND;
      case "Orphan" -> Deletion.Propagation.ORPHAN;
      default ->
          throw ApiException.badRequest(
              "propagationPolicy: Unsupported value: \""
                  + policy
                  + "\": supported values: \"Foreground\", \"Background\", \"Orphan\"");
    };
  }
}
