package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.engine.TestingRootfs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images that one owner leaves to the next, as jobs of one shell runner find them. */
@Tag("system")
@Timeout(300)
class KeptImagesSystemTest {
  private static final String APP = "registry.gitlab.com/team/app:1.0";

  private static TestingHouse house;
  private static Path rootfs = Path.of("");

  @BeforeAll
  static void start() throws IOException {
    house = new TestingHouse();
    rootfs = house.directory.resolve("rootfs.tar");
    try (InputStream in = TestingRootfs.tar(house.directory, List.of())) {
      Files.write(rootfs, in.readAllBytes());
    }
  }

  @AfterAll
  static void stop() throws IOException {
    house.close();
  }

  private static TestingOwner builder(String id, String word) throws IOException {
    TestingOwner builder = house.owner(id);
    String change = "ENV WORD=" + word;
    builder.docker("import", "-c", change, rootfs.toString(), APP).check();
    builder.docker("tag", APP, "10.77.240.1:5050/app:" + word).check();
    return builder;
  }

  private static String word(TestingOwner owner) {
    return owner.docker("image", "inspect", "-f", "{{.Config.Env}}", APP).check();
  }

  @Test
  void anOwnerTakesWhatAnEarlierOneHasLeft() throws IOException {
    // Given an image with names, one of them with a port, of an owner that is gone
    TestingOwner first = builder("one", "built");
    house.proxy().keep(first.owner().owner(), "run1");
    house.proxy().close(first.owner().owner());
    // When
    house.restartProxy();
    TestingOwner second = house.owner("two");
    TestingOwner stranger = house.owner("three");
    house.proxy().take("run1", second.owner().owner());
    house.proxy().take("run2", stranger.owner().owner());
    // Then
    assertTrue(word(second).contains("WORD=built"));
    String names = second.docker("images", "--format", "{{.Repository}}:{{.Tag}}").check();
    assertTrue(names.contains("10.77.240.1:5050/app:built"), names);
    assertFalse(names.contains("kept"), names);
    assertEquals("", stranger.docker("images", "-q").check().strip());
  }

  @Test
  void whatAnOwnerHasItselfStays() throws IOException {
    TestingOwner first = builder("four", "old");
    house.proxy().keep(first.owner().owner(), "run3");
    TestingOwner second = builder("five", "new");
    house.proxy().take("run3", second.owner().owner());
    assertTrue(word(second).contains("WORD=new"));
  }

  @Test
  void theOldestPlacesAreForgotten() throws IOException {
    TestingOwner first = builder("six", "many");
    for (int i = 0; i < 12; i++) {
      house.proxy().keep(first.owner().owner(), "many" + i);
    }
    TestingOwner late = house.owner("seven");
    house.proxy().take("many0", late.owner().owner());
    assertEquals("", late.docker("images", "-q").check().strip());
    house.proxy().take("many11", late.owner().owner());
    assertTrue(word(late).contains("WORD=many"));
  }
}
