package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The part of the container registry's API that is about images. */
final class EcrImages {
  private static final int PAGE_MAX = 100;
  private static final String MANIFEST_TYPE =
      "application/vnd.docker.distribution.manifest.v2+json";

  private final Registry registry;
  private final Function<Call, String> account;
  private final BiFunction<Call, String, Registry.Repository> existing;

  EcrImages(
      Registry registry,
      Function<Call, String> account,
      BiFunction<Call, String, Registry.Repository> existing) {
    this.registry = registry;
    this.account = account;
    this.existing = existing;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeImages", this::describe);
    operations.put("ListImages", this::list);
    operations.put("BatchGetImage", this::get);
    operations.put("BatchDeleteImage", this::delete);
    operations.put("PutImage", this::put);
  }

  private String repository(Call call) {
    return existing.apply(call, call.text("repositoryName")).name();
  }

  private List<Registry.Image> filtered(Call call, String repository) {
    String status = call.input().path("filter").path("tagStatus").asText("ANY");
    return registry.images(repository).stream()
        .filter(image ->
            switch (status) {
              case "TAGGED" -> !image.tags().isEmpty();
              case "UNTAGGED" -> image.tags().isEmpty();
              default -> true;
            })
        .toList();
  }

  private ObjectNode describe(Call call) {
    String repository = repository(call);
    List<Registry.Image> images = new ArrayList<>();
    JsonNode wanted = call.input().path("imageIds");
    if (wanted.isEmpty()) {
      images.addAll(filtered(call, repository));
    } else {
      wanted.forEach(id -> images.add(find(call, repository, id)));
    }
    Page<Registry.Image> page = Page.of(call, images, wanted.isEmpty() ? PAGE_MAX : 1_000);
    ObjectNode answer = Json.object();
    ArrayNode details = answer.putArray("imageDetails");
    for (Registry.Image image : page.items()) {
      ObjectNode detail = details.addObject();
      detail.put("registryId", account.apply(call));
      detail.put("repositoryName", repository);
      detail.put("imageDigest", image.digest().value());
      if (!image.tags().isEmpty()) {
        ArrayNode tags = detail.putArray("imageTags");
        image.tags().forEach(tags::add);
      }
      detail.put("imageSizeInBytes", image.sizeBytes());
      detail.put("imagePushedAt", image.pushedAt().toString());
      detail.put("imageManifestMediaType", image.mediaType());
      detail.put("artifactMediaType", "application/vnd.docker.container.image.v1+json");
    }
    page.nextToken().ifPresent(token -> answer.put("nextToken", token));
    return answer;
  }

  private Registry.Image find(Call call, String repository, JsonNode id) {
    return registry.images(repository).stream()
        .filter(image -> matches(image, id))
        .findFirst()
        .orElseThrow(() ->
            new AwsException(
                "ImageNotFoundException",
                400,
                ("The image with imageId {imageDigest:'%s', imageTag:'%s'} does not exist"
                        + " within the repository with name '%s' in the registry with id"
                        + " '%s'")
                    .formatted(
                        id.path("imageDigest").asText("null"),
                        id.path("imageTag").asText("null"),
                        repository,
                        account.apply(call))));
  }

  private static boolean matches(Registry.Image image, JsonNode id) {
    boolean digest =
        !id.has("imageDigest") || image.digest().value().equals(id.path("imageDigest").asText());
    boolean tag = !id.has("imageTag") || image.tags().contains(id.path("imageTag").asText());
    return digest && tag && (id.has("imageDigest") || id.has("imageTag"));
  }

  private ObjectNode list(Call call) {
    List<ObjectNode> ids = new ArrayList<>();
    for (Registry.Image image : filtered(call, repository(call))) {
      if (image.tags().isEmpty()) {
        ids.add(id(image.digest(), Optional.empty()));
      }
      image.tags().forEach(tag -> ids.add(id(image.digest(), Optional.of(tag))));
    }
    Page<ObjectNode> page = Page.of(call, ids, PAGE_MAX);
    ObjectNode answer = Json.object();
    answer.putArray("imageIds").addAll(page.items());
    page.nextToken().ifPresent(token -> answer.put("nextToken", token));
    return answer;
  }

  private static ObjectNode id(Digest digest, Optional<String> tag) {
    ObjectNode id = Json.object();
    id.put("imageDigest", digest.value());
    tag.ifPresent(name -> id.put("imageTag", name));
    return id;
  }

  private ObjectNode get(Call call) {
    String repository = repository(call);
    ObjectNode answer = Json.object();
    ArrayNode images = answer.putArray("images");
    ArrayNode failures = answer.putArray("failures");
    for (JsonNode id : call.input().path("imageIds")) {
      Optional<Registry.Manifest> found = registry.manifest(repository, reference(id));
      if (found.isEmpty()) {
        failures.add(failure(id));
      } else {
        images.add(shown(call, found.get(), Optional.ofNullable(id.path("imageTag").textValue())));
      }
    }
    return answer;
  }

  private ObjectNode shown(Call call, Registry.Manifest manifest, Optional<String> tag) {
    ObjectNode image = Json.object();
    image.put("registryId", account.apply(call));
    image.put("repositoryName", manifest.repository());
    image.set("imageId", id(manifest.digest(), tag));
    image.put("imageManifest", new String(manifest.bytes(), StandardCharsets.UTF_8));
    return image.put("imageManifestMediaType", manifest.mediaType());
  }

  private static String reference(JsonNode id) {
    return id.path("imageDigest").asText(id.path("imageTag").asText());
  }

  private static ObjectNode failure(JsonNode id) {
    ObjectNode failure = Json.object();
    failure.set("imageId", id);
    failure.put("failureCode", "ImageNotFound");
    return failure.put("failureReason", "Requested image not found");
  }

  private ObjectNode delete(Call call) {
    String repository = repository(call);
    ObjectNode answer = Json.object();
    ArrayNode deleted = answer.putArray("imageIds");
    ArrayNode failures = answer.putArray("failures");
    for (JsonNode id : call.input().path("imageIds")) {
      Optional<Registry.Image> found =
          registry.images(repository).stream().filter(i -> matches(i, id)).findFirst();
      if (found.isEmpty()) {
        failures.add(failure(id));
      } else {
        delete(repository, found.get(), id, deleted);
      }
    }
    return answer;
  }

  /** Removing a tag leaves an image that has others; its last tag takes the image with it. */
  private void delete(String repository, Registry.Image image, JsonNode id, ArrayNode deleted) {
    String tag = id.path("imageTag").asText("");
    if (!tag.isEmpty() && image.tags().size() > 1) {
      registry.deleteReference(repository, tag);
      deleted.add(id(image.digest(), Optional.of(tag)));
      return;
    }
    registry.deleteReference(repository, image.digest().value());
    if (image.tags().isEmpty()) {
      deleted.add(id(image.digest(), Optional.empty()));
    }
    image.tags().forEach(name -> deleted.add(id(image.digest(), Optional.of(name))));
  }

  private ObjectNode put(Call call) {
    String repository = repository(call);
    byte[] manifest = call.text("imageManifest").getBytes(StandardCharsets.UTF_8);
    Optional<String> tag = call.optional("imageTag");
    Optional<Digest> there =
        tag.flatMap(name -> registry.manifest(repository, name)).map(Registry.Manifest::digest);
    if (there.isPresent() && there.get().equals(Digest.of(manifest))) {
      throw new AwsException(
          "ImageAlreadyExistsException",
          400,
          "Image with digest '%s' and tag '%s' already exists in the repository with name '%s'"
              .formatted(there.get(), tag.orElse(""), repository));
    }
    String type =
        call.optional("imageManifestMediaType")
            .orElse(Json.parse(manifest).path("mediaType").asText(MANIFEST_TYPE));
    registry.putManifest(repository, tag, type, manifest, call.caller().principal().name());
    ObjectNode answer = Json.object();
    Registry.Manifest kept =
        registry.manifest(repository, Digest.of(manifest).value()).orElseThrow();
    answer.set("image", shown(call, kept, tag));
    return answer;
  }
}
