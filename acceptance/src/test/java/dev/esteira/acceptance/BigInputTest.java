package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too large or does not run is refused with a clear word, and harms nothing. */
@Tag("system")
class BigInputTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String HUB = Delivery.HUB;
  private static final long SLACK_BYTES = 50_000_000;

  /** A starting house puts its base images into its registry beside all else. */
  private static final String UNTIL_BASE_IMAGES_ENDED =
      "until grep -q 'base images ready: ' \"$ESTEIRA_HOME/run/esteira.log\"; do sleep 0.2; done";

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void aPushOfTwoGigabytesIsRefusedAndKeepsNothing() throws IOException {
    // Given a commit of 2 GB that does not compress
    Delivery delivery = new Delivery(house, directory, "huge");
    Shell shell = delivery.commands("echo never").shell();
    shell
        .bash(
            LIMIT,
            "git config core.compression 0; git config core.bigFileThreshold 1m;"
                + " head -c 2147483648 /dev/urandom > huge.bin"
                + " && git add -A && git commit -qm huge && rm huge.bin")
        .orFail();
    long before = size(house.home().resolve("git"));

    // When it is pushed
    String url = house.json("project", "show", delivery.project(), "--json").path("git").asText();
    Shell.Result pushed = shell.bash(LIMIT, "git push " + url + " HEAD:main");

    // Then the push fails with the limit in its message, and nothing is kept
    assertNotEquals(0, pushed.exitCode());
    assertTrue(pushed.err().matches("(?is).*(limit|larger|too large|at most).*"), pushed.err());
    assertTrue(size(house.home().resolve("git")) - before < SLACK_BYTES, "nothing is kept");
    assertTrue(delivery.lastRun().isNull(), "no run comes of it");

    // And the next push is as welcome as ever
    shell.bash(LIMIT, "git update-ref -d HEAD && git rm -qr --cached .").orFail();
    delivery.deliver();
  }

  @Test
  void aNewVersionThatCrashesLeavesTheOldOneServing() {
    String name = "crash" + Long.toString(System.nanoTime() & 0xffffff, 36);
    Shell shell = house.client(directory);
    WebApplication application = new WebApplication(shell, name);
    String address = application.start("v1");

    // When a version is rolled out that ends at once
    shell
        .bash(
            LIMIT,
            "kubectl patch deployment "
                + name
                + " -p '{\"spec\":{\"progressDeadlineSeconds\":8,\"template\":{\"spec\":"
                + "{\"containers\":[{\"name\":\"main\",\"args\":[\"raise SystemExit(3)\"]}]}}}}'")
        .orFail();
    Shell.Result status =
        shell.bash(LIMIT, "kubectl rollout status deployment/" + name + " --timeout=60s");

    // Then kubectl is told, and the old version serves on
    assertEquals(1, status.exitCode(), status.out());
    assertTrue(status.err().contains("exceeded its progress deadline"), status.err());
    for (int i = 0; i < 6; i++) {
      assertEquals("v1", shell.bash(LIMIT, curl(address)).orFail());
    }
    String pods = shell.bash(LIMIT, "kubectl get pods -l app=" + name).orFail();
    assertTrue(pods.matches("(?s).*(CrashLoopBackOff|Error).*"), pods);

    // And the way back is open
    shell.bash(LIMIT, "kubectl rollout undo deployment/" + name).orFail();
    application.awaitRollout();
    assertEquals("v1", shell.bash(LIMIT, curl(address)).orFail());
    application.delete();
  }

  @Test
  void aFullDiskUnderTheRegistryIsSaidAndHarmsNothing() throws IOException {
    // Given a house whose registry has 24 MB, which its own base images have tried to fill, and an
    // image in it
    TestHouse small = new TestHouse(TestHouse.ROOT.resolve("target/full-home"));
    Files.createDirectories(small.home().resolve("blobs"));
    Shell root = small.bare(directory);
    root.bash(LIMIT, "mount -t tmpfs -o size=24m none \"$ESTEIRA_HOME/blobs\"").orFail();
    try {
      small.up();
      root.bash(LIMIT, UNTIL_BASE_IMAGES_ENDED).orFail();
      Shell shell = small.client(directory).with("DOCKER_CONFIG", directory.toString());
      shell
          .bash(LIMIT, "aws ecr get-login-password | docker login -u AWS --password-stdin " + HUB)
          .orFail();
      shell.bash(LIMIT, image("fits", 4_000_000) + "docker push -q " + HUB + "/fits:1").orFail();

      // When one is pushed that does not fit
      Shell.Result pushed =
          shell.bash(LIMIT, image("large", 60_000_000) + "docker push " + HUB + "/large:1 2>&1");

      // Then the client is told why, what was there can still be pulled, and there is still room
      assertNotEquals(0, pushed.exitCode(), pushed.out());
      assertTrue(pushed.out().toLowerCase(Locale.ROOT).contains("no space left"), pushed.out());
      shell
          .bash(
              LIMIT,
              "docker rmi -f "
                  + HUB
                  + "/fits:1 && docker pull -q "
                  + HUB
                  + "/fits:1;"
                  + image("another", 4_000_000)
                  + "docker push -q "
                  + HUB
                  + "/another:1")
          .orFail();
    } finally {
      small.down();
      root.bash(LIMIT, "umount \"$ESTEIRA_HOME/blobs\" 2>/dev/null; rm -rf \"$ESTEIRA_HOME\"");
    }
  }

  /** Makes an image of one file of as many bytes that do not compress. */
  private static String image(String name, int bytes) {
    return """
    set -e -o pipefail
    mkdir %1$s
    head -c %2$d /dev/urandom > %1$s/file
    tar -C %1$s -c . | docker import - %3$s/%1$s:1
    """
        .formatted(name, bytes, HUB);
  }

  private static String curl(String address) {
    return "curl -sf -m 5 --noproxy '*' http://" + address + "/";
  }

  private static long size(Path directory) throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        size += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
    }
    return size;
  }
}
