package dev.esteira.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final Runs.Request PUSH =
      new Runs.Request("shop", "c0ffee", "refs/heads/main", "");

  @ParameterizedTest
  @CsvSource({
    "Dockerfile src/main.py, ''",
    "'README.md ci/buildspec-eks.yml buildspec_ecs.yaml', 'ci/buildspec-eks.yml,"
        + " buildspec_ecs.yaml'"
  })
  void aCommitWithoutADeliveryFileTellsWhichFilesMayBeMeant(String files, String named) {
    // Given a commit, none of whose files is where delivery files are looked for
    Dialect.Tree tree =
        new Dialect.Tree() {
          @Override
          public Optional<String> read(String path) {
            return Optional.empty();
          }

          @Override
          public List<String> files() {
            return List.of(files.split(" ", -1));
          }
        };
    // When a run is planned
    Runs.Planned planned = new Planner(List.of(), (_, _) -> tree).plan(PUSH, true, Map.of());
    // Then the failure says what to do about those that look like one
    assertEquals(
        "commit c0ffee has no delivery file, such as buildspec.yml or .gitlab-ci.yml at its root"
            + (named.isEmpty()
                ? ""
                : "; it has "
                    + named
                    + ", which a project made for it runs: ./esteira project"
                    + " create NAME --buildspec ci/buildspec-eks.yml"),
        planned.failure());
  }
}
