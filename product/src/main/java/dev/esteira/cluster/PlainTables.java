package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of the kinds that have little to tell. */
final class PlainTables {
  private static final String ROLE = "node-role.kubernetes.io/";

  private PlainTables() {}

  static Table namespace() {
    return Table.of(
        "Name|Status|Age",
        (o, now) -> List.of(Trees.name(o), Trees.text(o, "status", "phase"), Table.age(o, now)));
  }

  static Table configMap() {
    return Table.of(
        "Name|Data#|Age",
        (o, now) ->
            List.of(
                Trees.name(o),
                Integer.toString(o.path("data").size() + o.path("binaryData").size()),
                Table.age(o, now)));
  }

  static Table secret() {
    return Table.of(
        "Name|Type|Data#|Age",
        (o, now) ->
            List.of(
                Trees.name(o),
                Trees.text(o, "type"),
                Integer.toString(o.path("data").size()),
                Table.age(o, now)));
  }

  static Table serviceAccount() {
    return Table.of(
        "Name|Secrets#|Age",
        (o, now) ->
            List.of(Trees.name(o), Integer.toString(o.path("secrets").size()), Table.age(o, now)));
  }

  static Table node() {
    return Table.of(
        "Name|Status|Roles|Age|Version|Internal-IP*|External-IP*|OS-Image*|Kernel-Version*"
            + "|Container-Runtime*",
        PlainTables::nodeRow);
  }

  private static List<String> nodeRow(ObjectNode node, Instant now) {
    return List.of(
        Trees.name(node),
        nodeStatus(node),
        roles(node),
        Table.age(node, now),
        Trees.text(node, "status", "nodeInfo", "kubeletVersion"),
        address(node, "InternalIP"),
        address(node, "ExternalIP"),
        Trees.optional(node, "status", "nodeInfo", "osImage").orElse("<unknown>"),
        Trees.optional(node, "status", "nodeInfo", "kernelVersion").orElse("<unknown>"),
        Trees.optional(node, "status", "nodeInfo", "containerRuntimeVersion").orElse("<unknown>"));
  }

  private static String nodeStatus(ObjectNode node) {
    String ready = "Unknown";
    for (ObjectNode condition : Trees.objects(node, "status", "conditions")) {
      if (Trees.text(condition, "type").equals("Ready")) {
        ready = Trees.text(condition, "status").equals("True") ? "Ready" : "NotReady";
      }
    }
    boolean cordoned = Trees.at(node, "spec", "unschedulable").asBoolean();
    return cordoned ? ready + ",SchedulingDisabled" : ready;
  }

  private static String roles(ObjectNode node) {
    List<String> roles = new ArrayList<>();
    for (String label : Trees.texts(node, "metadata", "labels").keySet()) {
      if (label.startsWith(ROLE)) {
        roles.add(label.substring(ROLE.length()));
      }
    }
    return roles.isEmpty() ? "<none>" : String.join(",", roles);
  }

  private static String address(ObjectNode node, String type) {
    return Trees.objects(node, "status", "addresses").stream()
        .filter(a -> Trees.text(a, "type").equals(type))
        .map(a -> Trees.text(a, "address"))
        .findFirst()
        .orElse("<none>");
  }

  static Table event() {
    return Table.of(
        "Last Seen|Type|Reason|Object|Subobject*|Source*|Message|First Seen*|Count*|Name*",
        PlainTables::eventRow);
  }

  private static List<String> eventRow(ObjectNode event, Instant now) {
    String kind = Trees.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
    String first = Trees.text(event, "firstTimestamp");
    String last = Trees.optional(event, "lastTimestamp").orElse(first);
    String host = Trees.text(event, "source", "host");
    String component = Trees.text(event, "source", "component");
    return List.of(
        Age.since(last, now),
        Trees.text(event, "type"),
        Trees.text(event, "reason"),
        kind + "/" + Trees.text(event, "involvedObject", "name"),
        Trees.text(event, "involvedObject", "fieldPath"),
        host.isEmpty() ? component : component + ", " + host,
        Trees.text(event, "message").strip(),
        Age.since(first, now),
        Trees.text(event, "count"),
        Trees.name(event));
  }
}
