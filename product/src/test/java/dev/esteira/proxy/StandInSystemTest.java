package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.engine.ImageName;
import dev.esteira.engine.TestingRootfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images of a registry that cannot be reached, as real docker clients get them. */
@Tag("system")
@Timeout(300)
class StandInSystemTest {
  /** A host name that no name server may know (RFC 6761). */
  private static final String NOWHERE = "registry.invalid";

  private static TestingHouse house;
  private static String standIn = "";

  /** One image stands in for every one of that host but {@code absent}. */
  private static final class OneForAll implements Substitutes {
    @Override
    public Optional<String> unreachable(String host) {
      return Optional.empty();
    }

    @Override
    public Optional<String> instead(ImageName asked, String why, Consumer<String> said) {
      if (!asked.host().equals(NOWHERE) || asked.path().equals("absent")) {
        return Optional.empty();
      }
      said.accept("WARNING: something stands in for " + asked.familiar());
      return Optional.of(standIn);
    }

    @Override
    public String advice(ImageName asked, String why) {
      return "push " + asked.familiar() + " here, for " + why;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    house = new TestingHouse(new OneForAll());
    standIn =
        house.engine.importImage(
            TestingRootfs.tar(house.directory), "one", "1", List.of("CMD [\"/bin/sh\"]"));
  }

  @AfterAll
  static void stop() throws IOException {
    house.close();
  }

  @ParameterizedTest
  @MethodSource("dev.esteira.proxy.TestingOwner#clients")
  void aBuildIsToldWhatStandsInForItsBaseImages(String client) throws IOException {
    TestingOwner job = house.owner(client.contains("local") ? "new" : "old");
    Path context = Files.createDirectories(job.work().resolve("context"));
    String digest = "sha256:" + "0".repeat(64);
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        # syntax=docker/dockerfile:1
        ARG VERSION=18
        from --platform=$BUILDPLATFORM registry.invalid/node:${VERSION}-alpine as build
        RUN echo built > /made
        FROM registry.invalid/nginx@%s
        COPY --from=build /made /made
        COPY --from=registry.invalid/tools:2 /bin/cat /tool
        CMD ["/bin/cat", "/made"]
        """
            .formatted(digest));
    String built = job.run(client, "", "build", "-t", "app", context.toString()).check();
    for (String name : List.of("node:18-alpine", "nginx@" + digest, "tools:2")) {
      String line = "WARNING: something stands in for " + NOWHERE + "/" + name;
      assertTrue(built.contains(line), built);
    }
    String first =
        "FROM --platform=$BUILDPLATFORM registry.invalid/node:${VERSION}-alpine as build";
    assertTrue(built.contains(first), built);
    assertEquals("built\n", job.docker("run", "--rm", "app").check());
    house.proxy().close(job.owner().owner());
  }

  @ParameterizedTest
  @MethodSource("dev.esteira.proxy.TestingOwner#clients")
  void aPullAndARunAreTold(String client) throws IOException {
    TestingOwner job = house.owner(client.contains("local") ? "new-pull" : "old-pull");
    String pulled = job.run(client, "", "pull", NOWHERE + "/node:20").check();
    assertTrue(pulled.contains("WARNING: something stands in for " + NOWHERE), pulled);
    assertEquals(
        "hello\n",
        job.docker("run", "--rm", NOWHERE + "/node:20", "sh", "-c", "echo hello").check());
    String ran =
        job.run(client, "", "run", "--rm", NOWHERE + "/busybox", "sh", "-c", "echo from it")
            .check();
    assertTrue(ran.contains("something stands in for " + NOWHERE + "/busybox"), ran);
    assertTrue(ran.endsWith("from it\n"), ran);
    TestingOwner.Ran none = job.run(client, "", "pull", NOWHERE + "/absent:1");
    assertTrue(none.exitCode() != 0, none.output());
    assertTrue(none.output().contains("push " + NOWHERE + "/absent:1 here"), none.output());
    house.proxy().close(job.owner().owner());
  }

  @ParameterizedTest
  @MethodSource("dev.esteira.proxy.TestingOwner#clients")
  void aLoginAtDockerHubIsJudgedThereOrSaysThatItWasNot(String client) throws IOException {
    TestingOwner job = house.owner(client.contains("local") ? "new" : "old");
    TestingOwner.Ran hub =
        job.run(client, "wrong", "login", "-u", "nobody-here", "--password-stdin");
    boolean unchecked = hub.output().contains("this login was not checked");
    assertTrue(unchecked ? hub.exitCode() == 0 : hub.exitCode() != 0, hub.output());
    TestingOwner.Ran other = job.run(client, "x", "login", "-u", "x", "--password-stdin", NOWHERE);
    assertTrue(other.exitCode() != 0, other.output());
    house.proxy().close(job.owner().owner());
  }
}
