package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher alone, before there is a house: what it says to somebody who may not install. */
class LauncherTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String NOBODY = "65534";

  /** What every Debian has. */
  private static final List<String> ESSENTIAL =
      List.of("bash", "cat", "dirname", "env", "grep", "head", "id", "readlink", "sort", "tr");

  @TempDir Path directory;

  @Test
  void whoIsNotRootIsToldWhatIsMissingAndChangesNothing() throws IOException {
    // Given a machine with none of the programs, and somebody who is not root
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path bin = Files.createDirectory(directory.resolve("bin"));
    for (String program : ESSENTIAL) {
      Files.createSymbolicLink(bin.resolve(program), Path.of("/usr/bin", program));
    }
    Path launcher = directory.resolve("esteira");
    Files.copy(TestHouse.ROOT.resolve("esteira"), launcher);

    for (String command : List.of("up", "demo", "test")) {
      // When the launcher is called
      Shell.Result told =
          new Shell(directory, Map.of("PATH", bin.toString()), List.of())
              .run(
                  LIMIT,
                  List.of(
                      "/usr/bin/setpriv",
                      "--reuid=" + NOBODY,
                      "--regid=" + NOBODY,
                      "--clear-groups",
                      "/usr/bin/bash",
                      launcher.toString(),
                      command));

      // Then it lists what is missing, says what to do, and has touched nothing
      assertEquals(6, told.exitCode(), told.err());
      assertEquals("", told.out());
      assertTrue(told.err().contains("mmdebstrap"), told.err());
      assertTrue(told.err().contains("Next: "), told.err());
      assertFalse(Files.exists(directory.resolve("target")), "nothing is begun");
    }
  }
}
