package dev.esteira.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest says: the blobs and manifests it needs. Understands Docker's schema 2 and the OCI
 * image manifest, and the list of each.
 *
 * @param blobs config and layers; foreign layers, which live at a URL of their own, are left out
 * @param imageBytes sum of the sizes that it states
 */
record ManifestDocument(
    String mediaType,
    List<Digest> blobs,
    List<Digest> manifests,
    Optional<Digest> subject,
    Optional<String> artifactType,
    Map<String, String> annotations,
    long imageBytes) {
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final int BYTES_MAX = 4 << 20;
  private static final int DESCRIPTORS_MAX = 10_000;

  ManifestDocument {
    blobs = List.copyOf(blobs);
    manifests = List.copyOf(manifests);
    annotations = Map.copyOf(annotations);
  }

  /** Reads it; {@code contentType} is what the sender called it, perhaps with parameters. */
  static ManifestDocument parse(String contentType, byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new RegistryError(
          RegistryError.Code.MANIFEST_INVALID,
          413,
          "a manifest has at most " + BYTES_MAX + " bytes, this one " + bytes.length);
    }
    JsonNode json = json(bytes);
    String mediaType = mediaType(contentType, json);
    return switch (mediaType) {
      case DOCKER_MANIFEST, OCI_MANIFEST -> image(mediaType, json);
      case DOCKER_LIST, OCI_INDEX -> index(mediaType, json);
      default ->
          throw invalid(
              "media type '"
                  + mediaType
                  + "' is not supported; supported are "
                  + String.join(", ", DOCKER_MANIFEST, DOCKER_LIST, OCI_MANIFEST, OCI_INDEX));
    };
  }

  private static JsonNode json(byte[] bytes) {
    try {
      JsonNode json = Json.parse(bytes);
      if (json.path("schemaVersion").asInt() != 2) {
        throw invalid("schemaVersion is " + json.path("schemaVersion") + ", but must be 2");
      }
      return json;
    } catch (EsteiraException e) {
      throw invalid(e.text());
    }
  }

  private static String mediaType(String contentType, JsonNode json) {
    String sent = contentType.split(";", 2)[0].strip();
    String stated = json.path("mediaType").asText("");
    boolean vague = sent.isEmpty() || !sent.startsWith("application/vnd.");
    if (vague && !stated.isEmpty()) {
      return stated;
    }
    if (vague) {
      return json.has("manifests") ? OCI_INDEX : OCI_MANIFEST;
    }
    if (!stated.isEmpty() && !stated.equals(sent)) {
      throw invalid("it was sent as '" + sent + "' but calls itself '" + stated + "'");
    }
    return sent;
  }

  private static ManifestDocument image(String mediaType, JsonNode json) {
    if (!json.path("config").isObject() || !json.path("layers").isArray()) {
      throw invalid("an image manifest needs 'config' and 'layers'");
    }
    List<Digest> blobs = new ArrayList<>();
    blobs.add(digest(json.get("config"), "config"));
    long size = json.at("/config/size").asLong();
    for (JsonNode layer : limited(json.get("layers"), "layers")) {
      if (layer.path("urls").isEmpty()) {
        blobs.add(digest(layer, "layers"));
      }
      size += layer.path("size").asLong();
    }
    String artifact = json.path("artifactType").asText(json.at("/config/mediaType").asText(""));
    return new ManifestDocument(
        mediaType,
        blobs,
        List.of(),
        subject(json),
        Optional.of(artifact).filter(a -> !a.isEmpty()),
        annotations(json),
        size);
  }

  private static ManifestDocument index(String mediaType, JsonNode json) {
    if (!json.path("manifests").isArray()) {
      throw invalid("an index needs 'manifests'");
    }
    List<Digest> manifests = new ArrayList<>();
    long size = 0;
    for (JsonNode manifest : limited(json.get("manifests"), "manifests")) {
      manifests.add(digest(manifest, "manifests"));
      size += manifest.path("size").asLong();
    }
    return new ManifestDocument(
        mediaType,
        List.of(),
        manifests,
        subject(json),
        Optional.of(json.path("artifactType").asText("")).filter(a -> !a.isEmpty()),
        annotations(json),
        size);
  }

  private static JsonNode limited(JsonNode list, String field) {
    if (list.size() > DESCRIPTORS_MAX) {
      throw invalid("'" + field + "' has " + list.size() + " entries, at most " + DESCRIPTORS_MAX);
    }
    return list;
  }

  private static Optional<Digest> subject(JsonNode json) {
    JsonNode subject = json.path("subject");
    return subject.isObject() ? Optional.of(digest(subject, "subject")) : Optional.empty();
  }

  private static Map<String, String> annotations(JsonNode json) {
    Map<String, String> annotations = new LinkedHashMap<>();
    json.path("annotations")
        .properties()
        .forEach(entry -> annotations.put(entry.getKey(), entry.getValue().asText()));
    return annotations;
  }

  private static Digest digest(JsonNode descriptor, String field) {
    String text = descriptor.path("digest").asText("");
    if (!Digest.isDigest(text)) {
      throw invalid("'" + text + "' in '" + field + "' is no sha256 digest");
    }
    return new Digest(text);
  }

  private static RegistryError invalid(String why) {
    return new RegistryError(RegistryError.Code.MANIFEST_INVALID, "manifest not valid: " + why);
  }
}
