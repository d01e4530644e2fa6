package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.IOException;

/** The {@code scale} subresource: the replica count of a Deployment or ReplicaSet. */
final class Scales {
  private static final int TRIES_MAX = 10;

  private final LedgerObjects objects;
  private final Reads reads;

  Scales(LedgerObjects objects, Reads reads) {
    this.objects = objects;
    this.reads = reads;
  }

  void get(Request request) throws IOException {
    request.exchange().json(200, view(reads.require(request)));
  }

  void update(Request request) throws IOException {
    ObjectNode scale = request.object();
    ObjectNode object = reads.require(request);
    String version = Trees.text(scale, "metadata", "resourceVersion");
    if (!version.isEmpty()) {
      Trees.metadata(object).put("resourceVersion", version);
    }
    request.exchange().json(200, view(write(request, object, scale)));
  }

  void patch(Request request) throws IOException {
    String mediaType = request.contentType();
    if (!Patches.MEDIA_TYPES.contains(mediaType)) {
      throw Patches.unsupported(mediaType);
    }
    JsonNode patch = request.json();
    Definition type = Schema.get().byShortName("Scale");
    for (int i = 1; ; i++) {
      ObjectNode object = reads.require(request);
      ObjectNode scale = Patches.apply(mediaType, type, view(object), patch);
      try {
        request.exchange().json(200, view(write(request, object, scale)));
        return;
      } catch (ApiException e) {
        if (e.reason() != ApiException.Reason.CONFLICT || i == TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  private ObjectNode write(Request request, ObjectNode object, ObjectNode scale) {
    JsonNode replicas = Trees.at(scale, "spec", "replicas");
    if (!replicas.isMissingNode() && !replicas.isIntegralNumber()) {
      throw ApiException.badRequest(
          "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal into Go"
              + " struct field ScaleSpec.spec.replicas of type int32");
    }
    Trees.object(object, "spec").put("replicas", replicas.asLong(0));
    return objects.update(request.kind(), object, Update.Part.SPEC, request.dryRun());
  }

  private static ObjectNode view(ObjectNode object) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = Trees.metadata(scale);
    for (String field :
        java.util.List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      metadata.set(field, Trees.metadata(object).get(field));
    }
    Trees.object(scale, "spec").put("replicas", Trees.number(object, "spec", "replicas"));
    String selector = LabelSelector.format(Trees.at(object, "spec", "selector"));
    Trees.object(scale, "status")
        .put("replicas", Trees.number(object, "status", "replicas"))
        .put("selector", selector);
    return scale;
  }
}
