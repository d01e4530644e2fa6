package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What {@code kubectl get} shows of a kind. Columns with a {@code *} are only in {@code -o wide};
 * columns with a {@code #} are whole numbers.
 */
final class Table {
  private record Column(String name, boolean wide, boolean number) {
    static Column of(String text) {
      return new Column(text.replaceAll("[*#]", ""), text.contains("*"), text.contains("#"));
    }
  }

  private final List<Column> columns;
  private final BiFunction<ObjectNode, Instant, List<String>> cells;

  private Table(String columns, BiFunction<ObjectNode, Instant, List<String>> cells) {
    this.columns = Arrays.stream(columns.split("\\|")).map(Column::of).toList();
    this.cells = cells;
  }

  static Table of(String columns, BiFunction<ObjectNode, Instant, List<String>> cells) {
    return new Table(columns, cells);
  }

  static Table of(Kind kind) {
    return switch (kind) {
      case POD -> PodTable.table();
      case DEPLOYMENT -> WorkloadTables.deployment();
      case REPLICA_SET -> WorkloadTables.replicaSet();
      case SERVICE -> ServiceTables.service();
      case ENDPOINTS -> ServiceTables.endpoints();
      case ENDPOINT_SLICE -> ServiceTables.endpointSlice();
      case NAMESPACE -> PlainTables.namespace();
      case CONFIG_MAP -> PlainTables.configMap();
      case SECRET -> PlainTables.secret();
      case SERVICE_ACCOUNT -> PlainTables.serviceAccount();
      case INGRESS -> ServiceTables.ingress();
      case NODE -> PlainTables.node();
      case EVENT -> PlainTables.event();
    };
  }

  static String age(ObjectNode object, Instant now) {
    return Age.since(Trees.text(object, "metadata", "creationTimestamp"), now);
  }

  /** The wire form; {@code metadata} is the list's. */
  ObjectNode json(
      List<ObjectNode> objects,
      ObjectNode metadata,
      Function<ObjectNode, ObjectNode> shown,
      Instant now) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Column column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.number() ? "integer" : "string")
          .put("format", column.name().equals("Name") ? "name" : "")
          .put("description", "")
          .put("priority", column.wide() ? 1 : 0);
    }
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      fill(row.putArray("cells"), cells.apply(object, now));
      row.set("object", shown.apply(object));
    }
    return table;
  }

  private void fill(ArrayNode row, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (columns.get(i).number()) {
        row.add(Long.parseLong(texts.get(i)));
      } else {
        row.add(texts.get(i));
      }
    }
  }
}
