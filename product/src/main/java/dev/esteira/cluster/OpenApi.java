package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.List;

/**
 * The API's OpenAPI 2.0 document: definitions from the {@link Schema}, and the paths that kubectl
 * looks at to learn which kinds take dry runs and field validation.
 *
 * @see <a href="https://github.com/OAI/OpenAPI-Specification/blob/main/versions/2.0.md">OpenAPI
 *     2.0</a>
 */
final class OpenApi {
  private static final String GVK = "x-kubernetes-group-version-kind";

  private OpenApi() {}

  static ObjectNode document() {
    ObjectNode document = Json.object();
    document.put("swagger", "2.0");
    document.putObject("info").put("title", "Kubernetes").put("version", ClusterVersion.TEXT);
    ObjectNode paths = document.putObject("paths");
    for (Kind kind : Kind.values()) {
      addPaths(paths, kind);
    }
    ObjectNode definitions = document.putObject("definitions");
    for (Definition definition : Schema.get().definitions()) {
      definitions.set(definition.name(), schema(definition));
    }
    for (Kind kind : Kind.values()) {
      String name = Schema.get().of(kind).name();
      definitions.set(name + "List", listSchema(kind, name));
    }
    for (AbsentKind kind : AbsentKind.values()) {
      kind.versions().forEach(version -> definitions.set(name(kind, version), any(kind, version)));
    }
    return document;
  }

  private static String name(AbsentKind kind, String version) {
    return "io.k8s.api.absent." + version.replace('/', '.') + "." + kind.kind();
  }

  /** Clients check nothing of it, so that the server's word on it is the first. */
  private static ObjectNode any(AbsentKind kind, String version) {
    ObjectNode schema = Json.object().put("type", "object");
    int slash = version.indexOf('/');
    String group = slash < 0 ? "" : version.substring(0, slash);
    schema.putArray(GVK).add(gvk(group, version.substring(slash + 1), kind.kind()));
    return schema;
  }

  private static ObjectNode schema(Definition definition) {
    ObjectNode schema = Json.object();
    if (definition.alias().isPresent()) {
      describe(schema, definition.alias().get());
      return schema;
    }
    schema.put("type", "object");
    ArrayNode required = Json.array();
    ObjectNode properties = Json.object();
    for (Definition.Field field : definition.fields().values()) {
      ObjectNode property = properties.putObject(field.name());
      describe(property, field.type());
      addStrategy(property, field.strategy());
      if (field.required()) {
        required.add(field.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    schema.set("properties", properties);
    if (definition.topLevel()) {
      addKinds(schema, definition);
    }
    return schema;
  }

  private static void addKinds(ObjectNode schema, Definition definition) {
    ArrayNode kinds = schema.putArray(GVK);
    String name = definition.shortName();
    if (definition.name().startsWith(Schema.META)) {
      for (String group : List.of("", "apps", "discovery.k8s.io", "networking.k8s.io")) {
        if (name.equals("DeleteOptions") || group.isEmpty()) {
          kinds.add(gvk(group, "v1", name));
        }
      }
    } else if (name.equals("Scale")) {
      kinds.add(gvk("autoscaling", "v1", name));
    } else if (name.equals(AccessReviews.KIND)) {
      kinds.add(gvk(AccessReviews.GROUP, AccessReviews.VERSION, name));
    } else {
      for (Kind kind : Kind.values()) {
        if (kind.kind().equals(name)) {
          kinds.add(gvk(kind.group(), kind.version(), name));
        }
      }
    }
  }

  private static ObjectNode gvk(String group, String version, String kind) {
    return Json.object().put("group", group).put("kind", kind).put("version", version);
  }

  private static void addStrategy(ObjectNode property, Definition.Strategy strategy) {
    if (strategy.merge() && !strategy.key().isEmpty()) {
      property.put("x-kubernetes-patch-merge-key", strategy.key());
    }
    if (strategy.merge() || strategy.retainKeys()) {
      String text = strategy.retainKeys() ? "retainKeys" : "merge";
      boolean both = strategy.merge() && strategy.retainKeys();
      property.put("x-kubernetes-patch-strategy", both ? "merge,retainKeys" : text);
    }
  }

  private static void describe(ObjectNode schema, FieldType type) {
    switch (type) {
      case FieldType.Primitive(String name, String format) -> {
        schema.put("type", name);
        if (!format.isEmpty()) {
          schema.put("format", format);
        }
      }
      case FieldType.ListOf(FieldType element) -> {
        schema.put("type", "array");
        describe(schema.putObject("items"), element);
      }
      case FieldType.MapOf(FieldType value) -> {
        schema.put("type", "object");
        describe(schema.putObject("additionalProperties"), value);
      }
      case FieldType.Reference(String definition) ->
          schema.put("$ref", "#/definitions/" + definition);
      case FieldType.Any() -> schema.put("type", "object");
    }
  }

  private static ObjectNode listSchema(Kind kind, String item) {
    ObjectNode schema = Json.object();
    schema.put("type", "object").putArray("required").add("items");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("apiVersion").put("type", "string");
    ObjectNode items = properties.putObject("items").put("type", "array");
    items.putObject("items").put("$ref", "#/definitions/" + item);
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("$ref", "#/definitions/" + Schema.META + "ListMeta");
    schema.putArray(GVK).add(gvk(kind.group(), kind.version(), kind.kind() + "List"));
    return schema;
  }

  private static void addPaths(ObjectNode paths, Kind kind) {
    String root = kind.group().isEmpty() ? "/api/v1" : "/apis/" + kind.apiVersion();
    String collection =
        root + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural();
    ObjectNode many = paths.putObject(collection);
    many.set("get", operation(kind, "list", "list", List.of()));
    many.set("post", operation(kind, "create", "post", List.of("dryRun", "fieldValidation")));
    ObjectNode one = paths.putObject(collection + "/{name}");
    List<String> write = List.of("dryRun", "fieldValidation", "fieldManager");
    one.set("get", operation(kind, "read", "get", List.of()));
    one.set("put", operation(kind, "replace", "put", write));
    one.set("patch", operation(kind, "patch", "patch", write));
    one.set("delete", operation(kind, "delete", "delete", List.of("dryRun")));
  }

  private static ObjectNode operation(
      Kind kind, String verb, String action, List<String> parameters) {
    ObjectNode operation = Json.object();
    String group = kind.group().isEmpty() ? "core" : kind.group().replaceAll("\\..*", "");
    operation.put("operationId", verb + group + kind.version() + kind.kind());
    operation.putArray("produces").add("application/json");
    if (action.equals("patch")) {
      ArrayNode consumes = operation.putArray("consumes");
      Patches.MEDIA_TYPES.forEach(consumes::add);
    }
    ArrayNode list = operation.putArray("parameters");
    for (String name : parameters) {
      list.addObject()
          .put("name", name)
          .put("in", "query")
          .put("type", "string")
          .put("uniqueItems", true);
    }
    ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
    ok.putObject("schema").put("$ref", "#/definitions/" + Schema.get().of(kind).name());
    operation.put("x-kubernetes-action", action);
    operation.set(GVK, gvk(kind.group(), kind.version(), kind.kind()));
    return operation;
  }
}
