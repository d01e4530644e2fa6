package dev.esteira.pipeline.gitlab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.pipeline.Flow;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Numbered scenarios: each {@code NN-name.yml} has its plan in {@code NN-name.expected.json}, or
 * its refusal in {@code NN-name.error}. With {@code -Desteira.scenarios.write=true} they are
 * written anew.
 */
class GitlabScenariosTest {
  static final Path SCENARIOS =
      Path.of(System.getProperty("esteira.root"), "product/src/test/resources/gitlab");
  private static final Set<String> SETS = Set.of("reasons", "exitCodes");
  private static final int SCENARIOS_MIN = 70;

  static List<Path> scenarios() throws IOException {
    try (Stream<Path> found = Files.list(SCENARIOS)) {
      return found.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyScenarioPlansAsExpected() throws IOException {
    List<Path> files = scenarios();
    assertTrue(files.size() >= SCENARIOS_MIN, files.size() + " scenarios");
    return files.stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private static void check(Path file) throws IOException {
    // Given
    Scenario scenario = Scenario.of(Files.readString(file));
    String base = file.toString().replaceFirst("\\.yml$", "");
    Path plan = Path.of(base + ".expected.json");
    Path error = Path.of(base + ".error");
    String outcome;
    boolean refused;
    try {
      // When
      outcome = sorted(written(scenario)).toPrettyString() + "\n";
      refused = false;
    } catch (EsteiraException e) {
      assertEquals(ErrorCode.INVALID, e.code());
      outcome = e.text() + "\n";
      refused = true;
    }
    // Then
    if (Boolean.getBoolean("esteira.scenarios.write")) {
      Files.deleteIfExists(refused ? plan : error);
      Files.writeString(refused ? error : plan, outcome);
    }
    assertEquals(Files.readString(refused ? error : plan), outcome);
  }

  private static ObjectNode written(Scenario scenario) {
    GitlabDialect dialect = new GitlabDialect(scenario.projects());
    Plan plan = dialect.plan(scenario.tree(), scenario.request()).orElseThrow();
    Explanation why = dialect.explain(scenario.tree(), scenario.request()).orElseThrow();
    ObjectNode out = Json.object();
    ArrayNode stages = out.putArray("stages");
    for (Plan.Stage stage : plan.stages()) {
      ObjectNode jobs = stages.addObject().putObject(stage.name());
      stage.jobs().forEach(j -> jobs.set(j.name(), written(j)));
    }
    if (!plan.autoCancel().equals(AutoCancelReader.USUAL)) {
      out.set("autoCancel", Json.mapper().valueToTree(plan.autoCancel()));
    }
    ObjectNode not = out.putObject("not");
    why.pipeline()
        .filter(p -> !p.created())
        .ifPresent(p -> not.put("workflow", p.line() + ": " + p.reason()));
    why.jobs().stream()
        .filter(a -> !a.created())
        .forEach(a ->
            not.put(
                a.name(),
                "%s:%d: %s %s"
                    .formatted(a.file(), a.line(), a.reason(), new TreeMap<>(a.looked()))));
    ArrayNode notices = out.putArray("notices");
    plan.notices().forEach(n -> notices.add(n.file() + ":" + n.line() + ": " + n.text()));
    return out;
  }

  /** The job in few lines: what is empty or usual is left out. */
  private static ObjectNode written(Plan.Job job) {
    ObjectNode out = Json.object();
    put(out, "image", job.image().equals(Plan.STANDARD_IMAGE) ? "" : job.image());
    put(out, "variables", new TreeMap<>(job.variables()));
    for (Plan.Section section : job.sections()) {
      List<String> lines = new ArrayList<>();
      section.commands().forEach(c -> lines.add(c.line() + ": " + c.text()));
      put(out, section.name(), lines);
    }
    put(out, "artifacts", job.artifacts());
    job.runAs().ifPresent(user -> out.put("runAs", user));
    if (job.timeoutSeconds() != 3600) {
      out.put("timeoutSeconds", job.timeoutSeconds());
    }
    flow(out, job.flow());
    Setting setting = job.setting();
    setting.entrypoint().ifPresent(e -> put(out, "entrypoint", e.isEmpty() ? List.of("") : e));
    put(out, "services", setting.services());
    put(out, "caches", setting.caches());
    put(out, "idTokens", setting.idTokens());
    if (setting.source() == Setting.Source.NONE) {
      out.put("source", "NONE");
    }
    Map<String, String> special = new TreeMap<>();
    for (String name : List.of("CI_NODE_INDEX", "CI_ENVIRONMENT_SLUG", "CI_ENVIRONMENT_TIER")) {
      if (setting.predefined().containsKey(name)) {
        special.put(name, setting.predefined().get(name));
      }
    }
    put(out, "predefined", special);
    return out;
  }

  private static void flow(ObjectNode out, Flow flow) {
    ObjectNode all = Json.mapper().valueToTree(flow);
    ObjectNode usual = Json.mapper().valueToTree(Flow.PLAIN);
    all.properties().stream()
        .filter(e -> !e.getValue().equals(usual.get(e.getKey())))
        .forEach(e -> out.set(e.getKey(), e.getValue()));
  }

  /** Keys, and lists that stand for sets, in one order always. */
  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode out = Json.object();
      object.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e ->
              out.set(
                  e.getKey(),
                  SETS.contains(e.getKey()) ? set(e.getValue()) : sorted(e.getValue())));
      return out;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode out = Json.mapper().createArrayNode();
      array.forEach(n -> out.add(sorted(n)));
      return out;
    }
    return node;
  }

  private static JsonNode set(JsonNode list) {
    List<JsonNode> items = new ArrayList<>();
    list.forEach(items::add);
    items.sort(Comparator.comparing(JsonNode::asText));
    return Json.mapper().createArrayNode().addAll(items);
  }

  private static void put(ObjectNode out, String key, Object value) {
    JsonNode node = Json.mapper().valueToTree(value);
    boolean empty = node.isTextual() ? node.textValue().isEmpty() : node.isEmpty();
    if (!empty) {
      out.set(key, node);
    }
  }
}
