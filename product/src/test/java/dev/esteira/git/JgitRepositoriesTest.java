package dev.esteira.git;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The repositories against real git. */
class JgitRepositoriesTest {
  // JGit measures the file system there in its own time: the directory may not be empty yet.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path directory;

  private TestingGit git;

  @BeforeEach
  void start() {
    git = new TestingGit(directory);
    git.project("app", Map.of());
  }

  @AfterEach
  void stop() {
    git.close();
  }

  @Test
  void theFirstBranchPushedBecomesTheDefaultOneAndClonesSeeIt() throws IOException {
    git.work("w", "trunk");

    git.ok("w", "push", "-q", git.url("/git/app.git"), "trunk");
    git.ok(".", "clone", "-q", git.url("/git/app"), "c");

    assertEquals(Optional.of("trunk"), git.access.project("app").orElseThrow().defaultBranch());
    assertEquals("trunk\n", git.ok("c", "rev-parse", "--abbrev-ref", "HEAD"));
    assertEquals(
        git.ok("w", "rev-parse", "HEAD").strip(),
        git.repositories.resolve("app", "trunk").orElseThrow());
    git.ok("w", "push", "-q", git.url("/git/app.git"), "trunk:other");
    assertEquals(Optional.of("trunk"), git.access.project("app").orElseThrow().defaultBranch());
  }

  @Test
  void bothUrlShapesAndGroupsServeTheSameRepository() throws IOException {
    git.project("group/sub/app", Map.of());
    git.work("w", "main");

    git.ok("w", "push", "-q", git.url("/git/group/sub/app.git"), "main");
    git.ok("w", "push", "-q", git.url("/v1/repos/app"), "main");

    String head = git.ok("w", "rev-parse", "HEAD").strip();
    assertTrue(git.ok(".", "ls-remote", git.url("/git/group/sub/app")).contains(head));
    assertTrue(git.ok(".", "ls-remote", git.url("/git/app.git")).contains(head));
    assertTrue(
        git.ok(".", "-c", "protocol.version=0", "ls-remote", git.url("/v1/repos/app/"))
            .contains(head));
  }

  @Test
  void gitlabsShapeNeedsNoPrefix() throws IOException {
    git.project("group/sub/app", Map.of());
    git.work("w", "main");

    git.ok("w", "push", "-q", git.url("/group/sub/app.git"), "main");

    String head = git.ok("w", "rev-parse", "HEAD").strip();
    assertTrue(git.ok(".", "ls-remote", git.url("/group/sub/app")).contains(head));
    assertTrue(git.ok(".", "ls-remote", git.url("/git/group/sub/app.git")).contains(head));
  }

  @Test
  void aDeployTokenReadsOrWritesTheSourcesOfItsScope() throws IOException {
    git.project("team/app", Map.of());
    git.work("w", "main");
    git.ok("w", "push", "-q", git.url("/team/app.git"), "main");
    String reading = tokenUrl("group/team", "read_repository");
    String writing = tokenUrl("project/team/app", "write_repository");
    String foreign = tokenUrl("project/other", "read_repository");

    assertTrue(git.ok(".", "ls-remote", reading).contains("refs/heads/main"));
    assertTrue(git.git("w", "push", reading, "main:b").output().contains("may not use"));
    assertTrue(git.git(".", "ls-remote", foreign).output().contains("may not use"));
    git.ok("w", "push", "-q", writing, "main:b");
  }

  private String tokenUrl(String scope, String right) {
    String secret =
        git.access
            .deployTokens()
            .create(scope, "t", "robot", Set.of(right), Optional.empty())
            .secret();
    return "http://robot:" + secret + "@127.0.0.1:" + git.port + "/team/app.git";
  }

  @Test
  void listenersHearOfPushesAndAnswerTheirAuthor() throws IOException {
    git.work("w", "main");
    String head = git.ok("w", "rev-parse", "HEAD").strip();
    git.repositories.onPush((project, updates, actor) ->
        List.of(project + " by " + actor, updates.getFirst().newId(), "Run 1: http://x/1"));

    String output = git.ok("w", "push", "-o", "ci.skip", git.url("/git/app.git"), "main");

    assertTrue(output.contains("remote: app by admin"), output);
    assertTrue(output.contains("remote: " + head), output);
    assertTrue(output.contains("remote: Run 1: http://x/1"), output);
  }

  @Test
  void filesOfACommitAndWhatDiffersBetweenTwoAreListed() throws IOException {
    git.work("w", "main");
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    String first = git.ok("w", "rev-parse", "HEAD").strip();
    Files.createDirectories(directory.resolve("w/deep/er"));
    Files.writeString(directory.resolve("w/deep/er/file"), "x");
    git.ok("w", "add", ".");
    git.ok("w", "commit", "-q", "-m", "More");
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    String second = git.ok("w", "rev-parse", "HEAD").strip();

    assertTrue(git.repositories.files("app", second, 100).contains("deep/er/file"));
    assertFalse(git.repositories.files("app", first, 100).contains("deep/er/file"));
    assertEquals(List.of("deep/er/file"), git.repositories.changed("app", first, second, 100));
  }

  @Test
  void wrongTokensForeignProjectsAndUnknownProjectsAreRefused() throws IOException {
    git.work("w", "main");
    git.project("other", Map.of());
    String wrong = "http://u:wrong@127.0.0.1:" + git.port + "/git/app.git";
    String token =
        git.access.issueToken(
            new Access.Principal("job/1", Optional.of("other")), Duration.ofHours(1));
    String foreign = "http://u:" + token + "@127.0.0.1:" + git.port + "/git/app.git";

    Commands.Result refused = git.git("w", "push", wrong, "main");
    Commands.Result forbidden = git.git("w", "push", foreign, "main");
    Commands.Result unknown = git.git("w", "push", git.url("/git/nothing.git"), "main");

    assertTrue(refused.output().contains("Authentication failed"), refused.output());
    assertTrue(forbidden.output().contains("job/1 may not use"), forbidden.output());
    assertFalse(unknown.ok());
    assertTrue(
        unknown.output().contains("remote: There is no project 'nothing'. Make it with: esteira"),
        unknown.output());
    git.ok("w", "push", "-q", foreign.replace("/app", "/other"), "main");
  }

  @Test
  void branchesMayBeForcedAndDeletedAndTagsPushed() throws IOException {
    git.work("w", "main");
    String url = git.url("/git/app.git");
    git.ok("w", "push", "-q", url, "main", "main:refs/heads/side");
    git.ok("w", "commit", "-q", "--amend", "-m", "Other");
    git.ok("w", "tag", "-a", "v1", "-m", "one");

    assertFalse(git.git("w", "push", url, "main").ok());
    git.ok("w", "push", "-q", "--force", url, "main");
    git.ok("w", "push", "-q", url, ":refs/heads/side", "v1");

    String refs = git.ok(".", "ls-remote", url);
    assertFalse(refs.contains("side"), refs);
    assertTrue(refs.contains("refs/tags/v1^{}"), refs);
    assertEquals(
        git.ok("w", "rev-parse", "HEAD").strip(),
        git.repositories.resolve("app", "v1").orElseThrow());
  }

  @Test
  void shallowPartialAndSingleCommitFetchesWork() throws IOException {
    Path work = git.work("w", "main");
    for (int i = 0; i < 5; i++) {
      Files.writeString(work.resolve("a.txt"), "version " + i + "\n");
      git.ok("w", "commit", "-qam", "Change " + i);
    }
    String url = git.url("/git/app.git");
    git.ok("w", "push", "-q", url, "main");
    String old = git.ok("w", "rev-parse", "HEAD~3").strip();

    git.ok(".", "clone", "-q", "--depth", "2", url, "shallow");
    git.ok(".", "clone", "-q", "--filter=blob:none", url, "partial");
    git.ok(".", "init", "-q", "one");
    git.ok("one", "fetch", "-q", "--depth", "1", url, old);

    assertEquals("2\n", git.ok("shallow", "rev-list", "--count", "HEAD"));
    git.ok("shallow", "fetch", "-q", "--unshallow");
    assertEquals("6\n", git.ok("shallow", "rev-list", "--count", "HEAD"));
    assertEquals("version 4\n", Files.readString(directory.resolve("partial/a.txt")));
    assertEquals(old, git.ok("one", "rev-parse", "FETCH_HEAD").strip());
  }

  @Test
  void largePushesAreTakenWhole() throws IOException {
    Path work = git.work("w", "main");
    byte[] noise = new byte[40 << 20];
    new Random(7).nextBytes(noise);
    Files.write(work.resolve("noise"), noise);
    for (int i = 0; i < 300; i++) {
      Files.writeString(work.resolve("f" + i), "file " + i);
    }
    git.ok("w", "add", ".");
    git.ok("w", "commit", "-qm", "Large");

    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    git.ok(".", "clone", "-q", git.url("/git/app.git"), "c");

    assertArrayEquals(noise, Files.readAllBytes(directory.resolve("c/noise")));
  }

  @Test
  void pushesOverTheLimitEndWithAReasonAndLeaveNothing() throws IOException {
    git.project("small", Map.of(Pushes.PACK_SETTING, "1000000"));
    Path work = git.work("w", "main");
    byte[] noise = new byte[150 << 20];
    new Random(7).nextBytes(noise);
    Files.write(work.resolve("noise"), noise);
    git.ok("w", "add", ".");
    git.ok("w", "commit", "-qm", "Large");

    Commands.Result result = git.git("w", "push", git.url("/git/small.git"), "main");

    assertFalse(result.ok());
    assertTrue(result.output().contains("Pack exceeds the limit"), result.output());
    assertEquals(Optional.empty(), git.repositories.resolve("small", "main"));
    Path objects = directory.resolve("home/git/small.git/objects");
    try (Stream<Path> files = Files.walk(objects)) {
      assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void checkoutsAreByteForByteWithAGitDirectory() throws IOException {
    // Given
    Path work = git.work("w", "main");
    Files.writeString(work.resolve("crlf.yml"), "a: 1\r\nb: 2\r\n");
    Files.writeString(work.resolve(".gitattributes"), "* text=auto eol=lf\n*.sh text eol=crlf\n");
    Files.createDirectories(work.resolve("bin/deep"));
    Files.writeString(work.resolve("bin/deep/run.sh"), "#!/bin/sh\nexit 0\n");
    Files.setPosixFilePermissions(
        work.resolve("bin/deep/run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(work.resolve("link"), Path.of("bin/deep/run.sh"));
    git.ok("w", "-c", "core.autocrlf=false", "add", "-A");
    git.ok("w", "rm", "-q", "--cached", "crlf.yml");
    String blob = git.ok("w", "hash-object", "-w", "--no-filters", "crlf.yml").strip();
    git.ok("w", "update-index", "--add", "--cacheinfo", "100644," + blob + ",crlf.yml");
    git.ok("w", "commit", "-qm", "Files");
    for (int i = 0; i < 60; i++) {
      git.ok("w", "commit", "-q", "--allow-empty", "-m", "Empty " + i);
    }
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    String head = git.ok("w", "rev-parse", "HEAD").strip();

    // When
    git.repositories.checkout("app", head, "refs/heads/main", directory.resolve("out"));

    // Then
    Path out = directory.resolve("out");
    assertEquals("a: 1\r\nb: 2\r\n", Files.readString(out.resolve("crlf.yml")));
    assertEquals("#!/bin/sh\nexit 0\n", Files.readString(out.resolve("bin/deep/run.sh")));
    assertTrue(Files.isExecutable(out.resolve("bin/deep/run.sh")));
    assertFalse(Files.isExecutable(out.resolve("a.txt")));
    assertEquals("bin/deep/run.sh", Files.readSymbolicLink(out.resolve("link")).toString());
    assertEquals(head + "\n", git.ok("out", "rev-parse", "HEAD"));
    assertEquals("50\n", git.ok("out", "rev-list", "--count", "HEAD"));
    assertEquals(head + "\n", git.ok("out", "rev-parse", "origin/main"));
    assertTrue(git.ok("out", "log", "-1", "--format=%an %s").contains("Ada Empty 59"));
    git.ok("out", "fsck");
  }

  @Test
  void checkoutsAreCleanForGitStatus() throws IOException {
    git.work("w", "main");
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    String head = git.ok("w", "rev-parse", "HEAD").strip();

    git.repositories.checkout("app", head, "refs/heads/main", directory.resolve("out"));

    assertEquals("", git.ok("out", "status", "--porcelain"));
  }

  @Test
  void commitsAndFilesCanBeRead() throws IOException {
    git.work("w", "main");
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    String head = git.repositories.resolve("app", "main").orElseThrow();

    Repositories.CommitInfo info = git.repositories.info("app", head);

    assertEquals("First\n\nbody\n", info.message());
    assertEquals("Ada", info.author());
    assertEquals(Optional.of("one\n"), git.repositories.read("app", head, "a.txt", 100));
    assertEquals(Optional.empty(), git.repositories.read("app", head, "none/b.txt", 100));
    assertEquals(Optional.empty(), git.repositories.resolve("app", "nothing"));
  }

  @Test
  void zippedRequestBodiesAreRead() throws IOException {
    // Given a fetch whose list of haves is long enough for git to compress it
    Path work = git.work("w", "main");
    git.ok("w", "push", "-q", git.url("/git/app.git"), "main");
    for (int i = 0; i < 80; i++) {
      git.ok("w", "commit", "-q", "--allow-empty", "-m", "Local " + i);
    }
    git.ok(".", "clone", "-q", git.url("/git/app.git"), "c");
    git.ok("c", "commit", "-q", "--allow-empty", "-m", "Theirs");
    git.ok("c", "push", "-q", "origin", "main");

    git.ok("w", "fetch", "-q", git.url("/git/app.git"), "main");

    assertEquals(
        git.ok("c", "rev-parse", "HEAD"),
        git.ok(work.getFileName().toString(), "rev-parse", "FETCH_HEAD"));
  }

  @Test
  void otherLoginsAreAskedAfterTokens() throws IOException {
    git.work("w", "main");
    git.repositories.accept((user, password, host, path) ->
        user.equals("AKIA")
                && password.equals("signed")
                && host.equals("127.0.0.1:" + git.port)
                && path.equals("/v1/repos/app")
            ? Optional.of(new Access.Principal("admin", Optional.empty()))
            : Optional.empty());
    String start = "http://AKIA:signed@127.0.0.1:" + git.port;

    git.ok("w", "push", "-q", start + "/v1/repos/app", "main");

    assertFalse(git.git("w", "push", start + "/git/app.git", "main").ok());
  }
}
