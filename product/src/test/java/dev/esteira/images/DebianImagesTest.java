package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Digest;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.engine.TestingEngine;
import dev.esteira.registry.TestingRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipes, made for real where the shared cache has them not, in an engine of their own. */
@Tag("system")
@Tag("slow")
@Timeout(900)
class DebianImagesTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static TestingEngine here;
  private static TestingRegistry house;
  private static DebianImages images;

  @BeforeAll
  static void start() throws Exception {
    here = new TestingEngine("10.126");
    house = new TestingRegistry(here.directory.resolve("house"));
    images = new DebianImages(here.engine, house.registry);
  }

  @AfterAll
  static void stop() {
    house.close();
    here.close();
  }

  @Test
  void theStandardImageHasWhatBuildsCall() {
    String id = ensured(BaseImages.STANDARD);
    assertSameInRegistry(id, "esteira/standard", "1");
    String output =
        run(
            BaseImages.STANDARD,
            "set -e; aws --version; kubectl version --client --short; docker --version;"
                + " git --version; jq --version; python --version; pip --version; curl --version;"
                + " for p in zip unzip make ssh envsubst sudo ps bash wget rsync; do"
                + " command -v $p; done");
    assertTrue(output.contains("aws-cli/2."), output);
    assertTrue(output.contains("Client Version: v1.20"), output);
    assertTrue(output.contains("Docker version 20.10"), output);
  }

  @Test
  void pythonInstallsItsUsualServiceWithoutANetwork() {
    String id = ensured("python:3");
    assertSameInRegistry(id, "python", "3.11-slim");
    assertEquals(id, images.ensure("python:latest", line -> {}));
    assertEquals(id, here.engine.inspectImage("python:latest").orElseThrow().path("Id").asText());
    String dockerfile =
        """
        FROM python:3
        RUN pip install Flask
        RUN pip install gunicorn
        RUN python -c 'import flask' && gunicorn --version && test -x /usr/local/bin/pip
        """;
    String built = docker(dockerfile, "build", "--network", "none", "-t", "app", "-");
    assertTrue(built.contains("Successfully tagged app"), built);
  }

  @Test
  void pythonFetchesFromTheIndexThroughTheHostsProxy() {
    ensured("python:3");
    String dockerfile = "FROM python:3\nRUN pip install --no-deps requests\n";
    String built = docker(dockerfile, "build", "--network", "host", "-t", "fetched", "-");
    assertTrue(built.contains("Successfully installed requests"), built);
  }

  @Test
  void aTagThatSomebodyPushedIsLeftAlone() {
    ensured("python:3");
    byte[] bytes = house.registry.manifest("python", "3").orElseThrow().bytes();
    var other = (ObjectNode) Json.parse(bytes);
    other.remove("annotations");
    Digest pushed =
        house.registry.putManifest(
            "python",
            Optional.of("slim"),
            MadeImage.MANIFEST_TYPE,
            Json.write(other).getBytes(StandardCharsets.UTF_8),
            "user/somebody");
    images.ensure("python:3", line -> {});
    assertEquals(pushed, house.registry.manifest("python", "slim").orElseThrow().digest());
  }

  @Test
  void otherNamesAreNotShipped() {
    assertTrue(images.ships("docker.io/library/python:3-slim"));
    assertTrue(images.ships("python"));
    assertFalse(images.ships("python:2"));
    assertFalse(images.ships("node:20"));
    EsteiraException unknown =
        assertThrows(EsteiraException.class, () -> images.ensure("node:20", line -> {}));
    assertEquals(ErrorCode.NOT_FOUND, unknown.code());
  }

  private static String ensured(String name) {
    long began = System.nanoTime();
    List<String> progress = new ArrayList<>();
    String id =
        images.ensure(
            name,
            line -> {
              progress.add(line);
              System.out.println(line);
            });
    System.out.printf("%s ready in %d ms%n", name, (System.nanoTime() - began) / 1_000_000);
    progress.forEach(line -> assertTrue(line.startsWith(name), line));
    return id;
  }

  private static void assertSameInRegistry(String id, String repository, String tag) {
    byte[] manifest = house.registry.manifest(repository, tag).orElseThrow().bytes();
    assertEquals(id, Json.parse(manifest).at("/config/digest").asText());
    String layer = Json.parse(manifest).at("/layers/0/digest").asText();
    assertTrue(house.registry.hasBlob(new Digest(layer)));
  }

  private static String run(String image, String script) {
    return docker("", "run", "--rm", "--network", "none", image, "bash", "-c", script);
  }

  private static String docker(String input, String... arguments) {
    return here.docker(LIMIT, input, arguments);
  }
}
