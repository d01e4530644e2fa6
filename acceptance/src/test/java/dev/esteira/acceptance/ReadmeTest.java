package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's commands as they stand, one after another, in one shell. */
@Tag("system")
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Duration LIMIT = Duration.ofMinutes(20);

  @TempDir Path directory;

  /** Deeper than a socket's path may be long, because homes of users may be so too. */
  private final TestHouse house =
      new TestHouse(
          TestHouse.ROOT.resolve("target/readme-home").resolve("deep-directory/".repeat(8)));

  @BeforeEach
  @AfterEach
  void remove() {
    house.remove();
  }

  @Test
  void everyCommandOfTheReadmeWorks() throws IOException {
    // Given a project folder beside the checkout, as the README supposes
    Path checkout = directory.resolve("esteira");
    Files.createDirectories(checkout);
    Path launcher = checkout.resolve("esteira");
    Files.writeString(launcher, "#!/bin/sh\nexec '" + TestHouse.ROOT + "/esteira' \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(checkout.resolve("samples"), TestHouse.ROOT.resolve("samples"));
    makeShop(house, directory.resolve("shop"));

    // When its commands run, except the one that runs tests
    List<String> commands = commands();
    assertTrue(commands.size() > 10, commands.toString());
    String script = "set -e -o pipefail\ncd '" + checkout + "'\n" + String.join("\n", commands);
    Shell.Result result = house.bare(directory).bash(LIMIT, script);

    // Then none of them failed, and the demo said where it is live
    String out = result.orFail();
    assertTrue(out.contains("LIVE http://"), out);
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(TestHouse.ROOT.resolve("README.md")));
    while (block.find()) {
      block.group(1).lines().filter(c -> !c.contains("esteira test")).forEach(commands::add);
    }
    return commands;
  }

  /** The sample under another name is as good a shop as any. */
  private static void makeShop(TestHouse house, Path shop) throws IOException {
    Path sample = TestHouse.ROOT.resolve("samples/comentarios-app");
    try (Stream<Path> files = Files.walk(sample)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = shop.resolve(sample.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.writeString(to, Files.readString(file).replace("comentarios-app", "shop"));
      }
    }
    house
        .bare(shop)
        .bash(Duration.ofMinutes(1), "git init -q -b main && git add -A && git commit -qm shop")
        .orFail();
  }
}
