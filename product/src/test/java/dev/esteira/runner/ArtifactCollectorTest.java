package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.pipeline.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCollectorTest {
  private static final String INSIDE = "/codebuild/output/src/shop";

  @TempDir Path directory;
  private Path work;

  @BeforeEach
  void fill() throws IOException {
    work = Files.createDirectories(directory.resolve("work"));
    for (String file :
        List.of("a.txt", "b.json", "out/x.jar", "out/lib/y.jar", "target-1/z", ".git/HEAD")) {
      Files.createDirectories(work.resolve(file).getParent());
      Files.writeString(work.resolve(file), file);
    }
  }

  @Test
  void filesAreFoundByNameStarAndDoubleStar() {
    assertEquals(Set.of("a.txt"), found("", "a.txt"));
    assertEquals(Set.of("out/x.jar"), found("", "out/*"));
    assertEquals(Set.of("out/x.jar", "out/lib/y.jar"), found("", "out/**/*"));
    assertEquals(
        Set.of("a.txt", "b.json", "out/x.jar", "out/lib/y.jar", "target-1/z"), found("", "**/*"));
    assertEquals(Set.of("out/x.jar", "out/lib/y.jar"), found("", "**/*.jar"));
    assertEquals(Set.of("a.txt", "b.json"), found("", "*.{txt,json}"));
  }

  @Test
  void namesAreRelativeToTheBaseDirectory() {
    assertEquals(Set.of("x.jar", "lib/y.jar"), found("out", "**/*"));
    assertEquals(Set.of("z"), found("target-*", "*"));
    assertEquals(Set.of("x.jar"), found(INSIDE + "/out", "*"));
  }

  @Test
  void pathsCanBeDiscardedAndFilesLeftOut() {
    ArtifactCollector collector = new ArtifactCollector(work, INSIDE);
    assertEquals(
        Set.of("x.jar", "y.jar"),
        collector.find(new Plan.Artifacts("a", "out", List.of("**/*"), List.of(), true)).keySet());
    assertEquals(
        Set.of("x.jar"),
        collector
            .find(new Plan.Artifacts("a", "out", List.of("**/*"), List.of("lib/**/*"), false))
            .keySet());
  }

  @Test
  void aDirectoryThatIsNamedStandsForAllInIt() {
    assertEquals(Set.of("out/x.jar", "out/lib/y.jar"), found("", "out"));
  }

  @Test
  void nothingOutsideTheWorkspaceIsTaken() throws IOException {
    // Given
    Files.writeString(directory.resolve("secret"), "of the host");
    Files.createSymbolicLink(work.resolve("link"), directory.resolve("secret"));
    Files.createSymbolicLink(work.resolve("away"), directory);
    // Then
    assertEquals(Set.of(), found("", "link"));
    assertEquals(Set.of(), found("away", "*"));
    assertEquals(Set.of(), found("..", "secret"));
    assertEquals(Set.of(), found("", "../secret"));
    assertEquals(Set.of(), found("", "away/**"));
  }

  @Test
  void permissionsAreKept() throws IOException {
    Files.setPosixFilePermissions(
        work.resolve("a.txt"), PosixFilePermissions.fromString("rwxr-xr-x"));
    ArtifactCollector collector = new ArtifactCollector(work, INSIDE);
    Map<String, Path> files =
        collector.find(new Plan.Artifacts("a", "", List.of("a.txt"), List.of(), false));
    Path zip = directory.resolve("a.zip");
    assertEquals(5, collector.pack(files, zip));
    try (ZipFile packed = ZipFile.builder().setPath(zip).get()) {
      assertTrue((packed.getEntry("a.txt").getUnixMode() & 0100) != 0);
    }
  }

  private Set<String> found(String base, String file) {
    Plan.Artifacts artifacts = new Plan.Artifacts("a", base, List.of(file), List.of(), false);
    return new ArtifactCollector(work, INSIDE).find(artifacts).keySet();
  }
}
