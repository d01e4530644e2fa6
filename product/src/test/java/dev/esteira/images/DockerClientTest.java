package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.base.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The docker client of the docker image, in front of one that only says what it was asked. */
class DockerClientTest {
  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    Path real = directory.resolve("docker");
    Files.writeString(real, "#!/bin/sh\necho \"$DOCKER_BUILDKIT:$*\"\n");
    real.toFile().setExecutable(true);
    try (InputStream in = RecipeFiles.class.getResourceAsStream("docker-client.sh")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          directory.resolve("client.sh"),
          text.replace("docker=/usr/bin/docker", "docker=" + real)
              .replace("$(dpkg --print-architecture)", "amd64"));
    }
  }

  @Test
  void otherCommandsGoThrough() {
    assertEquals(List.of(":run --rm a b c"), client("run", "--rm", "a", "b c"));
  }

  @Test
  void buildxBuildsAndPushesByTheClassicBuilder() {
    assertEquals(
        List.of(":build --cache-from y:1 -t a/b:1 --build-arg A=b c .", ":push a/b:1", ":push c:2"),
        client(
                "buildx",
                "build",
                "--push",
                "--platform",
                "linux/arm64,linux/amd64",
                "--cache-from",
                "type=gha",
                "--cache-from",
                "y:1",
                "-t",
                "a/b:1",
                "--provenance=false",
                "--build-arg",
                "A=b c",
                "--tag=c:2",
                ".")
            .stream()
            .map(line -> line.replace(" --tag=c:2", ""))
            .toList());
  }

  @Test
  void whatTheClassicBuilderCannotDoFails() {
    assertEquals(1, run("buildx", "bake").exitCode());
    assertEquals(1, run("buildx", "build", "--platform=linux/s390x", ".").exitCode());
    assertEquals(1, run("buildx", "build", "-o", "out", ".").exitCode());
    assertEquals(0, run("buildx", "create", "--use").exitCode());
  }

  private List<String> client(String... words) {
    return run(words).output().lines().filter(l -> !l.startsWith("docker: ")).toList();
  }

  private Commands.Result run(String... words) {
    List<String> command = new ArrayList<>(List.of("sh", directory + "/client.sh"));
    command.addAll(List.of(words));
    return Commands.run(Duration.ofMinutes(2), "", command);
  }
}
