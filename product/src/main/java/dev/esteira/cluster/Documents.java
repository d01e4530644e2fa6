package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The fixed documents: version, health, discovery, OpenAPI. */
final class Documents {
  /** Where newer clients look whether a kind they do not know is a custom one. */
  private static final String CUSTOM_KINDS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  private final byte[] openApi;
  private final byte[] openApiProto;

  Documents() {
    ObjectNode document = OpenApi.document();
    this.openApi = Json.write(document).getBytes(StandardCharsets.UTF_8);
    this.openApiProto = OpenApiProto.encode(document);
  }

  /** Whether the path was one of these documents. */
  boolean answer(Exchange exchange) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      return false;
    }
    String path = exchange.path();
    String[] parts = path.replaceFirst("^/", "").split("/");
    return switch (parts[0]) {
      case "" -> json(exchange, Optional.of(paths()));
      case "version" -> json(exchange, Optional.of(ClusterVersion.json()));
      case "healthz", "livez", "readyz" -> {
        exchange.text(200, "ok");
        yield true;
      }
      case "openapi" -> path.equals("/openapi/v2") && openApi(exchange);
      case "api" -> api(exchange, parts);
      case "apis" -> apis(exchange, parts);
      default -> false;
    };
  }

  private static boolean api(Exchange exchange, String[] parts) throws IOException {
    return switch (parts.length) {
      case 1 -> json(exchange, Optional.of(Discovery.coreVersions(exchange.host())));
      case 2 -> json(exchange, Discovery.resources("", parts[1]));
      default -> false;
    };
  }

  private static boolean apis(Exchange exchange, String[] parts) throws IOException {
    return switch (parts.length) {
      case 1 -> json(exchange, Optional.of(Discovery.groups()));
      case 2 -> json(exchange, Discovery.group(parts[1]));
      case 3 -> json(exchange, Discovery.resources(parts[1], parts[2]));
      default ->
          exchange.path().equals(CUSTOM_KINDS) && json(exchange, Optional.of(noCustomKinds()));
    };
  }

  private static boolean json(Exchange exchange, Optional<ObjectNode> document) throws IOException {
    if (document.isPresent()) {
      exchange.json(200, document.get());
    }
    return document.isPresent();
  }

  private boolean openApi(Exchange exchange) throws IOException {
    boolean proto = exchange.header("Accept").orElse("").contains("proto-openapi");
    if (proto) {
      exchange.send(200, OpenApiProto.MEDIA_TYPE, openApiProto);
    } else {
      exchange.send(200, "application/json", openApi);
    }
    return true;
  }

  private static ObjectNode noCustomKinds() {
    ObjectNode list =
        Json.object()
            .put("kind", "CustomResourceDefinitionList")
            .put("apiVersion", "apiextensions.k8s.io/v1");
    list.putObject("metadata").put("resourceVersion", "1");
    list.putArray("items");
    return list;
  }

  private static ObjectNode paths() {
    ObjectNode document = Json.object();
    ArrayNode paths = document.putArray("paths");
    paths.add("/api").add("/api/v1").add("/apis");
    Discovery.groups().path("groups").forEach(g -> paths.add("/apis/" + Trees.text(g, "name")));
    paths.add("/healthz").add("/livez").add("/openapi/v2").add("/readyz").add("/version");
    return document;
  }
}
