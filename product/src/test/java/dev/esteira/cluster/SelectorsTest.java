package dev.esteira.cluster;

import static dev.esteira.cluster.TestingObjects.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorsTest {
  private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front", "n", "5");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "app=web", "app==web,tier=front", "app!=api", "missing!=x", "app in (web, api)",
        "app notin (api)", "app", "!missing", "tier in (front),app=web", "n>4", "n<6"
      })
  void labelsMatch(String selector) {
    assertTrue(LabelSelector.parse(selector).matches(LABELS), selector);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app=api",
        "missing",
        "!app",
        "app notin (web)",
        "app in (x,y)",
        "n>5",
        "app!=web"
      })
  void labelsDoNotMatch(String selector) {
    assertFalse(LabelSelector.parse(selector).matches(LABELS), selector);
  }

  @Test
  void anObjectsSelectorCombinesLabelsAndExpressions() {
    LabelSelector selector =
        LabelSelector.of(
            json(
                "{'matchLabels': {'app': 'web'}, 'matchExpressions': [{'key': 'tier',"
                    + " 'operator': 'In', 'values': ['front', 'back']}]}"));

    assertTrue(selector.matches(LABELS));
    assertFalse(selector.matches(Map.of("app", "web")));
  }

  @Test
  void fieldsAreComparedByPath() {
    FieldSelector selector = FieldSelector.parse(Kind.POD, "metadata.name=a,status.phase!=Running");

    assertTrue(selector.matches(json("{'metadata': {'name': 'a'}, 'status': {'phase': 'X'}}")));
    assertFalse(
        selector.matches(json("{'metadata': {'name': 'a'}, 'status': {'phase': 'Running'}}")));
    assertEquals("a", selector.name().orElseThrow());
  }

  @Test
  void anUnknownFieldIsRefused() {
    assertThrows(ApiException.class, () -> FieldSelector.parse(Kind.POD, "spec.foo=1"));
  }
}
