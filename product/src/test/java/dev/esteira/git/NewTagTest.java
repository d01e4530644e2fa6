package dev.esteira.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Tags that the house makes, seen by real git. */
class NewTagTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  Path directory;

  private TestingGit git;
  private String head = "";

  @BeforeEach
  void start() throws IOException {
    git = new TestingGit(directory);
    git.project("app", Map.of());
    git.work("w", "main");
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    head = git.ok("w", "rev-parse", "HEAD").strip();
  }

  @AfterEach
  void stop() {
    git.close();
  }

  private void tag(String name, String commit, Optional<String> message) {
    git.repositories.tag("app", name, commit, message, "ana");
  }

  @Test
  void clientsFetchLightAndAnnotatedTags() {
    // When
    tag("light", head, Optional.empty());
    tag("said", head, Optional.of("Words"));
    // Then
    git.ok("w", "fetch", "-q", "--tags", git.url("/git/app.git"));
    assertEquals("commit\n", git.ok("w", "cat-file", "-t", "light"));
    assertEquals("tag\n", git.ok("w", "cat-file", "-t", "said"));
    assertEquals(head, git.ok("w", "rev-parse", "said^{commit}").strip());
    assertEquals("Words\n", git.ok("w", "tag", "-l", "--format=%(contents)", "said"));
  }

  @Test
  void theSameAgainIsFineAndAnotherCommitIsNot() throws IOException {
    tag("v1", head, Optional.of("Words"));
    tag("v1", head, Optional.of("Words"));
    git.ok("w", "commit", "-q", "--allow-empty", "-m", "next");
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    String next = git.ok("w", "rev-parse", "HEAD").strip();
    EsteiraException refused =
        assertThrows(EsteiraException.class, () -> tag("v1", next, Optional.empty()));
    assertEquals(ErrorCode.CONFLICT, refused.code());
  }

  @Test
  void namesThatGitRefusesAreRefused() {
    for (String bad : List.of("", "two words", "a..b", "-x", "a~1", "end.lock", "/a")) {
      EsteiraException refused =
          assertThrows(EsteiraException.class, () -> tag(bad, head, Optional.empty()));
      assertEquals(ErrorCode.INVALID, refused.code(), bad);
    }
  }
}
