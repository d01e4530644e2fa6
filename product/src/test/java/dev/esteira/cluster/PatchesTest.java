package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import org.junit.jupiter.api.Test;

class PatchesTest {
  private static final Definition DEPLOYMENT = Schema.get().of(Kind.DEPLOYMENT);

  private static ObjectNode patch(String type, String current, String patch) {
    return Patches.apply(type, DEPLOYMENT, json(current), Json.parse(patch.replace('\'', '"')));
  }

  private static String spec(String body) {
    return "{'spec': {'template': {'spec': " + body + "}}}";
  }

  @Test
  void strategicMergeFindsContainersByName() {
    ObjectNode result =
        patch(
            Patches.STRATEGIC,
            spec("{'containers': [{'name': 'a', 'image': 'x:1'}, {'name': 'b', 'image': 'y'}]}"),
            spec("{'containers': [{'name': 'a', 'image': 'x:2'}, {'name': 'c', 'image': 'z'}]}"));

    assertEquals(
        json(
            spec(
                "{'containers': [{'name': 'a', 'image': 'x:2'}, {'name': 'b', 'image': 'y'},"
                    + " {'name': 'c', 'image': 'z'}]}")),
        result);
  }

  @Test
  void strategicMergeDeletesAListElementByDirective() {
    ObjectNode result =
        patch(
            Patches.STRATEGIC,
            spec(
                "{'containers': [{'name': 'a', 'env': [{'name': 'X', 'value': '1'},"
                    + " {'name': 'Y', 'value': '2'}]}]}"),
            spec("{'containers': [{'name': 'a', 'env': [{'name': 'X', '$patch': 'delete'}]}]}"));

    assertEquals(
        json(spec("{'containers': [{'name': 'a', 'env': [{'name': 'Y', 'value': '2'}]}]}")),
        result);
  }

  @Test
  void strategicMergeObeysTheOrderOfThePatchAndKeepsWhatOnlyTheServerHas() {
    ObjectNode result =
        patch(
            Patches.STRATEGIC,
            spec("{'containers': [{'name': 'a'}, {'name': 'server'}, {'name': 'b'}]}"),
            spec(
                "{'$setElementOrder/containers': [{'name': 'c'}, {'name': 'a'}, {'name': 'b'}],"
                    + " 'containers': [{'name': 'c'}]}"));

    assertEquals(
        json(
            spec(
                "{'containers': [{'name': 'c'}, {'name': 'a'}, {'name': 'server'},"
                    + " {'name': 'b'}]}")),
        result);
  }

  @Test
  void strategicMergeRetainsOnlyTheNamedKeysOfAStrategy() {
    ObjectNode result =
        patch(
            Patches.STRATEGIC,
            "{'spec': {'strategy': {'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': 1}}}}",
            "{'spec': {'strategy': {'$retainKeys': ['type'], 'type': 'Recreate'}}}");

    assertEquals(json("{'spec': {'strategy': {'type': 'Recreate'}}}"), result);
  }

  @Test
  void strategicMergeReplacesListsWithoutAStrategyAndMergesMaps() {
    ObjectNode result =
        patch(
            Patches.STRATEGIC,
            spec("{'containers': [{'name': 'a', 'args': ['1', '2']}], 'nodeSelector': {'x': '1'}}"),
            spec(
                "{'containers': [{'name': 'a', 'args': ['3']}],"
                    + " 'nodeSelector': {'y': '2', 'x': null}}"));

    assertEquals(
        json(spec("{'containers': [{'name': 'a', 'args': ['3']}], 'nodeSelector': {'y': '2'}}")),
        result);
  }

  @Test
  void strategicMergeTreatsFinalizersAsASet() {
    ObjectNode result =
        patch(
            Patches.STRATEGIC,
            "{'metadata': {'finalizers': ['a', 'b']}}",
            "{'metadata': {'$deleteFromPrimitiveList/finalizers': ['a'], 'finalizers': ['c']}}");

    assertEquals(json("{'metadata': {'finalizers': ['b', 'c']}}"), result);
  }

  @Test
  void strategicMergeReplacesAnObjectByDirective() {
    ObjectNode result =
        patch(
            Patches.STRATEGIC,
            "{'metadata': {'labels': {'a': '1'}}}",
            "{'metadata': {'labels': {'$patch': 'replace', 'b': '2'}}}");

    assertEquals(json("{'metadata': {'labels': {'b': '2'}}}"), result);
  }

  @Test
  void mergePatchRemovesByNullAndReplacesLists() {
    ObjectNode result =
        patch(
            Patches.MERGE,
            "{'a': {'b': 1, 'c': 2}, 'l': [1, 2]}",
            "{'a': {'b': null, 'd': {'e': null}}, 'l': [3]}");

    assertEquals(json("{'a': {'c': 2, 'd': {}}, 'l': [3]}"), result);
  }

  @Test
  void jsonPatchDoesItsSixOperations() {
    ObjectNode result =
        patch(
            Patches.JSON,
            "{'a': {'b': 1}, 'l': [1, 2], 'm': {'x/y': 5}}",
            "[{'op': 'test', 'path': '/a/b', 'value': 1},"
                + "{'op': 'replace', 'path': '/a/b', 'value': 2},"
                + "{'op': 'add', 'path': '/l/1', 'value': 9}, {'op': 'add', 'path': '/l/-',"
                + " 'value': 7}, {'op': 'remove', 'path': '/l/0'},"
                + "{'op': 'copy', 'from': '/a/b', 'path': '/c'},"
                + "{'op': 'move', 'from': '/m/x~1y', 'path': '/d'}]");

    assertEquals(json("{'a': {'b': 2}, 'l': [9, 2, 7], 'm': {}, 'c': 2, 'd': 5}"), result);
  }

  @Test
  void jsonPatchThatDoesNotFitChangesNothing() {
    ApiException failure =
        assertThrows(
            ApiException.class,
            () -> patch(Patches.JSON, "{'a': 1}", "[{'op': 'test', 'path': '/a', 'value': 2}]"));

    assertEquals(ApiException.Reason.INVALID, failure.reason());
  }

  @Test
  void serverSideApplyIsRefusedWithASentence() {
    ApiException failure = assertThrows(ApiException.class, () -> patch(Patches.APPLY, "{}", "{}"));

    assertEquals(ApiException.Reason.UNSUPPORTED_MEDIA_TYPE, failure.reason());
  }
}
