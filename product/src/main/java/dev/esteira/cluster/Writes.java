package dev.esteira.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** The verbs create, update and patch. */
final class Writes {
  private static final int PATCH_TRIES_MAX = 10;

  private final LedgerObjects objects;
  private final Reads reads;
  private final InstantSource clock;

  Writes(LedgerObjects objects, Reads reads, InstantSource clock) {
    this.objects = objects;
    this.reads = reads;
    this.clock = clock;
  }

  void create(Request request) throws IOException {
    ObjectNode object = request.object();
    checkAddress(request, object);
    checkFields(request, object);
    answer(request, 201, objects.create(request.kind(), object, request.dryRun()));
  }

  void update(Request request, Update.Part part) throws IOException {
    ObjectNode object = request.object();
    checkAddress(request, object);
    checkFields(request, object);
    answer(request, 200, objects.update(request.kind(), object, part, request.dryRun()));
  }

  void patch(Request request, Update.Part part) throws IOException {
    String mediaType = request.contentType();
    if (!Patches.MEDIA_TYPES.contains(mediaType)) {
      throw Patches.unsupported(mediaType);
    }
    JsonNode patch = request.json();
    answer(request, 200, patch(request, part, mediaType, patch));
  }

  private ObjectNode patch(Request request, Update.Part part, String mediaType, JsonNode patch) {
    Definition type = Schema.get().of(request.kind());
    ApiException last = null;
    for (int i = 0; i < PATCH_TRIES_MAX; i++) {
      ObjectNode current = reads.require(request);
      ObjectNode wanted = Trees.normal(Patches.apply(mediaType, type, current, patch));
      checkAddress(request, wanted);
      checkFields(request, wanted);
      try {
        return objects.update(request.kind(), wanted, part, request.dryRun());
      } catch (ApiException e) {
        // Someone came between: the patch still stands, unless it names a version itself.
        boolean again = patch.at("/metadata/resourceVersion").isMissingNode();
        if (e.reason() != ApiException.Reason.CONFLICT || !again) {
          throw e;
        }
        last = e;
      }
    }
    throw java.util.Objects.requireNonNull(last);
  }

  private void answer(Request request, int status, ObjectNode object) throws IOException {
    Answers form = Answers.wanted(request);
    request.exchange().json(status, form.one(request, object, clock.instant()));
  }

  /** The object must be what the path says; what it leaves out, the path fills in. */
  private static void checkAddress(Request request, ObjectNode object) {
    Kind kind = request.kind();
    String apiVersion = Trees.optional(object, "apiVersion").orElse(kind.apiVersion());
    String name = Trees.optional(object, "kind").orElse(kind.kind());
    if (!apiVersion.equals(kind.apiVersion()) || !name.equals(kind.kind())) {
      throw ApiException.badRequest(
          name
              + " in version \""
              + apiVersion
              + "\" cannot be handled as a "
              + kind.kind()
              + ": no kind \""
              + name
              + "\" is registered for version \""
              + apiVersion
              + "\"");
    }
    ObjectNode metadata = metadata(kind, object);
    if (kind.namespaced()) {
      String wanted = request.path().scope();
      if (!Trees.optional(metadata, "namespace").orElse(wanted).equals(wanted)) {
        throw ApiException.badRequest(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
      }
      metadata.put("namespace", wanted);
    }
    request.path().name().ifPresent(n -> checkName(metadata, n));
  }

  private static ObjectNode metadata(Kind kind, ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    if (!metadata.isMissingNode() && !metadata.isNull() && !metadata.isObject()) {
      FieldCheck.prune(kind, object.deepCopy());
    }
    return Trees.metadata(object);
  }

  private static void checkName(ObjectNode metadata, String name) {
    String sent = Trees.optional(metadata, "name").orElse(name);
    if (!sent.equals(name)) {
      throw ApiException.badRequest(
          "the name of the object ("
              + sent
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
    metadata.put("name", name);
  }

  private static void checkFields(Request request, ObjectNode object) {
    List<String> unknown = FieldCheck.prune(request.kind(), object);
    String validation = request.query("fieldValidation").orElse("Warn");
    if (unknown.isEmpty() || validation.equals("Ignore")) {
      return;
    }
    if (validation.equals("Strict")) {
      throw FieldCheck.strict(request.kind(), unknown);
    }
    for (String field : unknown) {
      String text = FieldCheck.named(field).replace("\\", "\\\\").replace("\"", "\\\"");
      request.exchange().add("Warning", "299 - \"" + text + "\"");
    }
  }
}
