package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;

/** Objects for tests, as short as clients may send them. */
final class TestingObjects {
  private TestingObjects() {}

  static ObjectNode json(String text) {
    return (ObjectNode) Json.parse(text.replace('\'', '"'));
  }

  static ObjectNode deployment(String name) {
    return json(
        """
        {'metadata': {'name': '%s', 'namespace': 'default'},
         'spec': {'selector': {'matchLabels': {'app': '%s'}},
                  'template': {'metadata': {'labels': {'app': '%s'}},
                               'spec': {'containers': [{'name': 'web', 'image': 'app:1'}]}}}}
        """
            .formatted(name, name, name));
  }

  static ObjectNode pod(String name) {
    return json(
        """
        {'metadata': {'name': '%s', 'namespace': 'default'},
         'spec': {'containers': [{'name': 'web', 'image': 'app:1'}]}}
        """
            .formatted(name));
  }

  static ObjectNode service(String name, String type) {
    return json(
        """
        {'metadata': {'name': '%s', 'namespace': 'default'},
         'spec': {'type': '%s', 'selector': {'app': 'web'}, 'ports': [{'port': 80}]}}
        """
            .formatted(name, type));
  }

  static ObjectNode named(String name) {
    return json("{'metadata': {'name': '%s', 'namespace': 'default'}}".formatted(name));
  }

  /** {@code dependent} as owned by {@code owner}. */
  static ObjectNode ownedBy(ObjectNode owner, ObjectNode dependent) {
    Trees.metadata(dependent)
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", Trees.text(owner, "apiVersion"))
        .put("kind", Trees.text(owner, "kind"))
        .put("name", Trees.name(owner))
        .put("uid", Trees.uid(owner))
        .put("controller", true);
    return dependent;
  }
}
