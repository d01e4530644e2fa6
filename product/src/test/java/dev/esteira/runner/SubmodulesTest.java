package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.pipeline.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Submodules of projects here, and those that are left to the job's own git. */
class SubmodulesTest {
  private static final Map<String, List<SourceProvider.Submodule>> MODULES =
      Map.of(
          "team/top",
          List.of(
              module("libs/middle", Optional.of("team/middle")),
              module("far away", Optional.empty())),
          "team/middle",
          List.of(module("leaf", Optional.of("team/leaf")), module("other", Optional.empty())));

  @TempDir Path workspace;

  private static SourceProvider.Submodule module(String path, Optional<String> project) {
    return new SourceProvider.Submodule(path, path, "url", "c0ffee", project);
  }

  /** Each commit brings a file named for its project, and empty directories for its submodules. */
  private static final class Sources implements SourceProvider {
    @Override
    public void materialize(Runs.Request request, Path directory) {
      try {
        Files.createDirectories(directory.resolve(".git"));
        Files.writeString(directory.resolve(".git/config"), "");
        Files.writeString(directory.resolve("is"), request.project());
        for (Submodule module : submodules(request)) {
          Files.createDirectories(directory.resolve(module.path()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<Submodule> submodules(Runs.Request request) {
      return MODULES.getOrDefault(request.project(), List.of());
    }
  }

  private Submodules filled(boolean recursive) {
    Runs.Request request = new Runs.Request("team/top", "c", "refs/heads/main", "ana");
    Sources sources = new Sources();
    sources.materialize(request, workspace);
    Submodules modules =
        new Submodules(sources, project -> "http://here/" + project, recursive, 20);
    modules.fill(request, workspace);
    return modules;
  }

  @Test
  void thoseWithinOthersComeWhenTheyAreAskedFor() throws IOException {
    Submodules modules = filled(true);
    assertEquals("team/middle", Files.readString(workspace.resolve("libs/middle/is")));
    assertEquals("team/leaf", Files.readString(workspace.resolve("libs/middle/leaf/is")));
    assertTrue(
        Files.readString(workspace.resolve(".git/config"))
            .contains("url = http://here/team/middle"));
    assertEquals("Submodules: libs/middle, libs/middle/leaf", modules.notices().getFirst());
    assertEquals(
        """
        git -C 'libs/middle' submodule update --init --recursive --depth 20 -- 'other'
        git -C '.' submodule update --init --recursive --depth 20 -- 'far away'
        """,
        modules.script());
  }

  @Test
  void otherwiseTheFirstOnesAlone() {
    Submodules modules = filled(false);
    assertTrue(Files.exists(workspace.resolve("libs/middle/is")));
    assertFalse(Files.exists(workspace.resolve("libs/middle/leaf/is")));
    assertEquals("git -C '.' submodule update --init --depth 20 -- 'far away'\n", modules.script());
  }
}
