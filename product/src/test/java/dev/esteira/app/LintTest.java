package dev.esteira.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.cli.LocalHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintTest {
  @TempDir private Path directory = Path.of(".");

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void saysForAnEventWhichJobsRunAndUnderWhichOthersTheRestWould() throws IOException {
    // Given
    write(
        ".gitlab-ci.yml",
        """
        include: ci/more.yml
        build:
          script: make
        release:
          script: make release
          rules:
            - if: $CI_COMMIT_TAG
        """);
    write("ci/more.yml", "lint:\n  script: make lint\n  only: [merge_requests]\n");
    // When
    List<LocalHouse.JobAnswer> push = new Lint(directory, "push").run().jobs();
    List<LocalHouse.JobAnswer> tag = new Lint(directory, "tag=v1").run().jobs();
    // Then
    assertEquals(List.of("lint", "build", "release"), push.stream().map(j -> j.job()).toList());
    assertEquals(List.of(false, true, false), push.stream().map(j -> j.created()).toList());
    assertEquals(List.of(false, true, true), tag.stream().map(j -> j.created()).toList());
    LocalHouse.JobAnswer release = push.getLast();
    assertEquals(Map.of("CI_COMMIT_TAG", "(not set)"), release.looked());
    assertEquals(List.of("tag=v1"), release.wouldRunFor());
    assertEquals("ci/more.yml", push.getFirst().file());
    assertEquals(3, push.getFirst().line());
  }

  @Test
  void everyErrorIsAFindingOfItsOwn() throws IOException {
    // Given
    write(
        ".gitlab-ci.yml", "a:\n  stage: nowhere\n  script: make\nb:\n  retry: 9\n  script: make\n");
    // When
    List<LocalHouse.Finding> findings = new Lint(directory, "push").run().findings();
    // Then
    assertEquals(List.of(2, 5), findings.stream().map(LocalHouse.Finding::line).toList());
    assertTrue(findings.stream().allMatch(f -> f.severity().equals("error")));
    assertTrue(findings.stream().allMatch(f -> f.file().equals(".gitlab-ci.yml")));
  }

  @Test
  void bothDeliveryFilesAreRead() throws IOException {
    write(".gitlab-ci.yml", "a:\n  script: make\n  tags: [x]\n");
    write("buildspec.yml", "version: 0.3\nphases: {}\n");
    List<LocalHouse.Finding> findings = new Lint(directory, "push").run().findings();
    assertEquals(
        List.of(".gitlab-ci.yml", "buildspec.yml"),
        findings.stream().map(LocalHouse.Finding::file).toList());
  }

  @Test
  void aDirectoryWithoutDeliveryFileIsAnError() {
    List<LocalHouse.Finding> findings = new Lint(directory, "push").run().findings();
    assertEquals("error", findings.getFirst().severity());
  }

  @Test
  void filesOutsideTheDirectoryAreNotRead() throws IOException {
    write("inside/.gitlab-ci.yml", "include: ../secret.yml\na:\n  script: make\n");
    write("secret.yml", "b:\n  script: make\n");
    List<LocalHouse.Finding> findings =
        new Lint(directory.resolve("inside"), "push").run().findings();
    assertEquals("error", findings.getFirst().severity());
  }

  @Test
  void anUnknownEventIsRefused() {
    EsteiraException e = assertThrows(EsteiraException.class, () -> new Lint(directory, "party"));
    assertEquals(ErrorCode.INVALID, e.code());
  }
}
