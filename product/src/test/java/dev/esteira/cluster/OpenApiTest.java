package dev.esteira.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private final ObjectNode document = OpenApi.document();

  @Test
  void everyReferenceLeadsToADefinition() {
    Set<String> lost = new HashSet<>();
    for (String reference : document.findValuesAsText("$ref")) {
      String name = reference.replace("#/definitions/", "");
      if (!document.path("definitions").has(name)) {
        lost.add(name);
      }
    }
    assertEquals(Set.of(), lost);
  }

  @Test
  void everyKindIsFoundByGroupVersionAndKind() {
    for (Kind kind : Kind.values()) {
      ObjectNode definition =
          (ObjectNode) document.path("definitions").path(Schema.get().of(kind).name());
      ObjectNode gvk = (ObjectNode) definition.path("x-kubernetes-group-version-kind").get(0);
      assertEquals(kind.group(), Trees.text(gvk, "group"));
      assertEquals(kind.version(), Trees.text(gvk, "version"));
      assertEquals(kind.kind(), Trees.text(gvk, "kind"));
    }
  }

  @Test
  void mergeKeysAreToldAsClientsExpect() {
    String containers = "/definitions/io.k8s.api.core.v1.PodSpec/properties/containers";

    assertEquals("name", document.at(containers).path("x-kubernetes-patch-merge-key").asText());
    assertEquals("merge", document.at(containers).path("x-kubernetes-patch-strategy").asText());
    assertEquals(
        "merge,retainKeys",
        document
            .at("/definitions/io.k8s.api.core.v1.PodSpec/properties/volumes")
            .path("x-kubernetes-patch-strategy")
            .asText());
  }

  @Test
  void numbersOfTheWireAreUniqueWithinAType() {
    for (Definition definition : Schema.get().definitions()) {
      Set<String> numbers = new HashSet<>();
      for (Definition.Field field : definition.fields().values()) {
        assertTrue(
            field.number().isEmpty() || numbers.add(field.number()),
            definition.name() + "." + field.name());
      }
    }
  }

  @Test
  void theProtobufFormReadsBack() {
    ProtoReader reader = new ProtoReader(OpenApiProto.encode(document));
    Set<Integer> fields = new HashSet<>();
    for (int field = reader.next(); field != 0; field = reader.next()) {
      fields.add(field);
      if (field == 1) {
        assertEquals("2.0", reader.text());
      } else {
        assertFalse(reader.message().length == 0);
      }
    }
    assertEquals(Set.of(1, 2, 8, 9), fields);
  }
}
