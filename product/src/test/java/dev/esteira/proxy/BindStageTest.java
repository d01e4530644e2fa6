package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts are real here, so this needs root. */
@Tag("system")
class BindStageTest {
  @TempDir Path directory;
  private Path work;
  private Path outside;
  private BindStage stage;

  @BeforeEach
  void makeOwner() throws IOException {
    work = Files.createDirectories(directory.resolve("work"));
    outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "theirs");
    Files.writeString(Files.createDirectories(directory.resolve("door")).resolve("x"), "");
    EngineProxy.Owner owner =
        new EngineProxy.Owner(
            "job/1",
            directory.resolve("door"),
            "net",
            List.of(new EngineProxy.Bind("/builds", work)),
            "",
            Optional.empty());
    stage = new BindStage(owner, directory.resolve("staged"));
  }

  @AfterEach
  void unmount() throws IOException {
    stage.close();
    assertFalse(Files.exists(directory.resolve("staged")));
  }

  @Test
  void theStagedPathShowsWhatTheNameMeant() throws IOException {
    Files.writeString(Files.createDirectories(work.resolve("a")).resolve("f"), "mine");
    Path staged = Path.of(stage.stage("/builds/a", false));
    assertEquals("mine", Files.readString(staged.resolve("f")));
    assertEquals(staged.toString(), stage.stage("/builds/./a/", false));
  }

  @Test
  void aLinkSwappedInAfterwardsLeadsNowhere() throws IOException {
    // Given a staged directory
    Path a = Files.createDirectories(work.resolve("a"));
    Files.writeString(a.resolve("f"), "mine");
    Path staged = Path.of(stage.stage("/builds/a", false));
    // When the job puts a link to another's files in its place
    Files.move(a, work.resolve("moved"));
    Files.createSymbolicLink(a, outside);
    // Then the engine still gets what was there
    assertEquals("mine", Files.readString(staged.resolve("f")));
    assertFalse(Files.exists(staged.resolve("secret")));
  }

  @Test
  void linksOutOfTheWorkspaceStayInsideIt() throws IOException {
    Files.createSymbolicLink(work.resolve("absolute"), outside);
    Files.createSymbolicLink(work.resolve("relative"), Path.of("../outside"));
    Files.createSymbolicLink(work.resolve("magic"), Path.of("/proc/self/root"));
    for (String name : List.of("absolute", "relative", "relative/secret", "magic")) {
      assertThrows(EngineError.class, () -> stage.stage("/builds/" + name, false), name);
    }
    // And nothing is made through them
    assertThrows(EngineError.class, () -> stage.stage("/builds/relative/sub", true));
    assertFalse(Files.exists(outside.resolve("sub")));
    // But a missing source is made where it is asked for
    assertTrue(Files.isDirectory(Path.of(stage.stage("/builds/new/sub", true))));
    assertTrue(Files.isDirectory(work.resolve("new/sub")));
  }

  @Test
  void aFileIsStagedAsAFile() throws IOException {
    Files.writeString(work.resolve("config"), "text");
    assertEquals("text", Files.readString(Path.of(stage.stage("/builds/config", false))));
  }

  @Test
  void whatIsOutsideIsRefused() {
    for (String source : List.of("/", "/etc", "/builds2", "/builds/../etc", "relative")) {
      assertThrows(EngineError.class, () -> stage.stage(source, true), source);
    }
  }
}
