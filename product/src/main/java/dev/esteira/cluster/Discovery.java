package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** The documents by which clients learn which groups, versions and kinds there are. */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private Discovery() {}

  /** {@code /api}: the versions of the core group. */
  static ObjectNode coreVersions(String host) {
    ObjectNode versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", host);
    return versions;
  }

  /** {@code /apis}: the named groups. */
  static ObjectNode groups() {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    namedGroups().forEach((name, versions) -> groups.add(group(name, versions)));
    return list;
  }

  /** {@code /apis/GROUP}, where there is such a group. */
  static Optional<ObjectNode> group(String name) {
    return Optional.ofNullable(namedGroups().get(name))
        .map(versions -> group(name, versions).put("kind", "APIGroup").put("apiVersion", "v1"));
  }

  /** Their versions by their names, the preferred one first. */
  private static Map<String, SequencedSet<String>> namedGroups() {
    Map<String, SequencedSet<String>> groups = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      add(groups, kind.apiVersion());
    }
    for (AbsentKind kind : AbsentKind.values()) {
      kind.versions().reversed().forEach(version -> add(groups, version));
    }
    add(groups, AccessReviews.GROUP + "/" + AccessReviews.VERSION);
    return groups;
  }

  private static void add(Map<String, SequencedSet<String>> groups, String apiVersion) {
    int slash = apiVersion.indexOf('/');
    if (slash > 0) {
      groups
          .computeIfAbsent(apiVersion.substring(0, slash), _ -> new LinkedHashSet<>())
          .add(apiVersion.substring(slash + 1));
    }
  }

  private static ObjectNode group(String name, SequencedSet<String> versions) {
    ObjectNode group = Json.object().put("name", name);
    ArrayNode entries = group.putArray("versions");
    for (String version : versions) {
      entries.addObject().put("groupVersion", name + "/" + version).put("version", version);
    }
    group.set("preferredVersion", entries.get(0).deepCopy());
    return group;
  }

  /** {@code /api/v1} and {@code /apis/GROUP/VERSION}: the kinds, where there are any. */
  static Optional<ObjectNode> resources(String group, String version) {
    List<Kind> kinds =
        Arrays.stream(Kind.values())
            .filter(k -> k.group().equals(group) && k.version().equals(version))
            .toList();
    String apiVersion = group.isEmpty() ? version : group + "/" + version;
    List<AbsentKind> absent =
        Arrays.stream(AbsentKind.values()).filter(k -> k.versions().contains(apiVersion)).toList();
    boolean reviews = group.equals(AccessReviews.GROUP) && version.equals(AccessReviews.VERSION);
    if (kinds.isEmpty() && absent.isEmpty() && !reviews) {
      return Optional.empty();
    }
    ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", apiVersion);
    ArrayNode resources = list.putArray("resources");
    kinds.forEach(kind -> add(resources, kind));
    absent.forEach(kind -> add(resources, kind));
    if (reviews) {
      resource(resources, AccessReviews.PLURAL, "", false, AccessReviews.KIND, List.of("create"));
    }
    return Optional.of(list);
  }

  private static void add(ArrayNode resources, Kind kind) {
    ObjectNode main =
        resource(resources, kind.plural(), kind.singular(), kind.namespaced(), kind.kind(), VERBS);
    if (!kind.shortNames().isEmpty()) {
      kind.shortNames().forEach(main.putArray("shortNames")::add);
    }
    if (!kind.categories().isEmpty()) {
      kind.categories().forEach(main.putArray("categories")::add);
    }
    List<String> write = List.of("get", "patch", "update");
    if (kind.hasStatus()) {
      resource(resources, kind.plural() + "/status", "", kind.namespaced(), kind.kind(), write);
    }
    if (kind.scalable()) {
      resource(resources, kind.plural() + "/scale", "", true, "Scale", write)
          .put("group", "autoscaling")
          .put("version", "v1");
    }
    if (kind == Kind.POD) {
      resource(resources, "pods/log", "", true, "Pod", List.of("get"));
    }
  }

  /** They can be asked for, and nothing else: who would list all kinds passes them over. */
  private static void add(ArrayNode resources, AbsentKind kind) {
    ObjectNode main =
        resource(
            resources,
            kind.plural(),
            kind.singular(),
            kind.namespaced(),
            kind.kind(),
            List.of("create"));
    if (!kind.shortNames().isEmpty()) {
      kind.shortNames().forEach(main.putArray("shortNames")::add);
    }
  }

  private static ObjectNode resource(
      ArrayNode to,
      String name,
      String singular,
      boolean namespaced,
      String kind,
      List<String> verbs) {
    ObjectNode resource = to.addObject().put("name", name).put("singularName", singular);
    resource.put("namespaced", namespaced).put("kind", kind);
    verbs.forEach(resource.putArray("verbs")::add);
    return resource;
  }
}
