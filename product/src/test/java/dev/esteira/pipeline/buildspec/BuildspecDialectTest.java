package dev.esteira.pipeline.buildspec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Numbered scenarios: each {@code NN-name.yml} has its expected plan or refusal in {@code
 * NN-name.json}. With {@code -Desteira.scenarios.write=true} the expectations are written anew.
 */
class BuildspecDialectTest {
  private static final Path SCENARIOS =
      Path.of(System.getProperty("esteira.root"), "product/src/test/resources/buildspec");
  private static final Runs.Request REQUEST =
      new Runs.Request("shop", "c0ffee", "refs/heads/main", "admin");

  @TestFactory
  Stream<DynamicTest> everyScenarioPlansAsExpected() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(SCENARIOS)) {
      files = found.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
    }
    assertTrue(files.size() >= 40);
    return files.stream()
        .map(f ->
            DynamicTest.dynamicTest(
                f.getFileName().toString(),
                () -> {
                  // Given
                  String yaml = Files.readString(f);
                  Path expected = Path.of(f.toString().replaceFirst("\\.yml$", ".json"));
                  // When
                  ObjectNode actual = outcome(yaml);
                  // Then
                  if (Boolean.getBoolean("esteira.scenarios.write")) {
                    Files.writeString(expected, actual.toPrettyString() + "\n");
                  }
                  assertEquals(
                      Json.parse(Files.readString(expected)).toPrettyString(),
                      actual.toPrettyString());
                }));
  }

  @Test
  void aTreeWithoutTheFileHasNoPlan() {
    assertEquals(Optional.empty(), dialect(Map.of()).plan(path -> Optional.empty(), REQUEST));
  }

  @Test
  void theProjectCanNameAnotherFileAndImage() {
    // Given
    Dialects tree = new Dialects(Map.of("ci/build.yml", "version: 0.2\nphases:\n  build:\n"));
    // When
    Plan plan =
        dialect(Map.of("buildspec", "ci/build.yml", "image", "python:3"))
            .plan(tree::read, REQUEST)
            .orElseThrow();
    // Then
    assertEquals("ci/build.yml", plan.file());
    assertEquals("python:3", plan.stages().getFirst().jobs().getFirst().image());
  }

  @Test
  void aNamedFileThatIsMissingIsRefused() {
    BuildspecDialect dialect = dialect(Map.of("buildspec", "ci/build.yml"));
    EsteiraException e =
        assertThrows(EsteiraException.class, () -> dialect.plan(path -> Optional.empty(), REQUEST));
    assertEquals(ErrorCode.INVALID, e.code());
    assertTrue(e.text().startsWith("ci/build.yml:1: "), e.text());
  }

  private record Dialects(Map<String, String> files) {
    Optional<String> read(String path) {
      return Optional.ofNullable(files.get(path));
    }
  }

  private static BuildspecDialect dialect(Map<String, String> settings) {
    return new BuildspecDialect((project, name) -> Optional.ofNullable(settings.get(name)));
  }

  private static ObjectNode outcome(String yaml) {
    try {
      Plan plan =
          dialect(Map.of())
              .plan(new Dialects(Map.of("buildspec.yml", yaml))::read, REQUEST)
              .orElseThrow();
      return written(plan);
    } catch (EsteiraException e) {
      assertEquals(ErrorCode.INVALID, e.code());
      return Json.object().put("invalid", e.text());
    }
  }

  /** The plan in few lines: what is empty or usual is left out. */
  private static ObjectNode written(Plan plan) {
    ObjectNode out = Json.object();
    Plan.Job job = plan.stages().getFirst().jobs().getFirst();
    out.put("rule", job.shellRule().name());
    out.put("shell", job.shell());
    if (!job.variables().isEmpty()) {
      out.set("variables", Json.mapper().valueToTree(new TreeMap<>(job.variables())));
    }
    if (!job.setting().parameters().isEmpty()) {
      out.set("parameters", Json.mapper().valueToTree(new TreeMap<>(job.setting().parameters())));
    }
    ArrayNode sections = out.putArray("sections");
    for (Plan.Section section : job.sections()) {
      if (!section.commands().isEmpty() || !section.finallyCommands().isEmpty()) {
        sections.add(Json.mapper().valueToTree(section));
      }
    }
    if (!job.artifacts().isEmpty()) {
      out.set("artifacts", Json.mapper().valueToTree(job.artifacts()));
    }
    if (!job.cachePaths().isEmpty()) {
      out.set("cache", Json.mapper().valueToTree(job.cachePaths()));
    }
    job.runAs().ifPresent(user -> out.put("runAs", user));
    ArrayNode notices = out.putArray("notices");
    plan.notices().forEach(n -> notices.add(n.line() + ": " + n.text()));
    return out;
  }
}
