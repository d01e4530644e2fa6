package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.engine.ImageName;
import dev.esteira.engine.TestingEngine;
import dev.esteira.registry.TestingRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each recipe, made for real where the cache has it not, under a Dockerfile of the usual shape. */
@Tag("system")
@Tag("slow")
@Timeout(1800)
class StandInImagesTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static TestingEngine here;
  private static TestingRegistry house;
  private static StandInImages images;

  @BeforeAll
  static void start() throws Exception {
    here = new TestingEngine("10.123");
    house = new TestingRegistry(here.directory.resolve("house"));
    images = new DebianImages(here.engine, house.registry).standIns();
    files(Files.createDirectories(here.directory.resolve("context")));
  }

  private static void files(Path context) throws IOException {
    Files.writeString(
        context.resolve("package.json"),
        "{\"name\": \"app\", \"version\": \"1.0.0\", \"dependencies\": {\"is-odd\": \"3.0.1\"}}");
    Files.writeString(
        context.resolve("app.js"),
        "console.log(process.version, 'uid', process.getuid(), require('is-odd')(3));\n");
    Files.writeString(
        context.resolve("site.conf"),
        "server { listen 8080; root /usr/share/nginx/html; server_name _; }\n");
    Files.writeString(
        context.resolve("Hello.java"),
        """
        public class Hello {
          public static void main(String[] arguments) {
            System.out.println("Java " + System.getProperty("java.version"));
          }
        }
        """);
    Files.writeString(
        context.resolve("main.go"),
        """
        package main

        import (
        	"fmt"
        	"runtime"
        )

        func main() { fmt.Println(runtime.Version()) }
        """);
  }

  @AfterAll
  static void stop() {
    house.close();
    here.close();
  }

  @ParameterizedTest
  @MethodSource("dev.esteira.images.UsualDockerfile#all")
  void theUsualDockerfileBuildsAndRuns(UsualDockerfile usual) throws IOException {
    // Given the stand-in under the name of the image
    ImageName name = ImageName.parse(usual.image());
    StandInImages.StandIn standIn = images.of(name).orElseThrow();
    long began = System.nanoTime();
    String id = images.ensure(standIn, System.out::println);
    System.out.printf(
        "%s by %s in %d ms%n", name, standIn, (System.nanoTime() - began) / 1_000_000);
    here.engine.tagImage(id, name.familiarRepository(), name.reference());
    // When the Dockerfile is built and run
    Path context = here.directory.resolve("context");
    Files.writeString(context.resolve("Dockerfile"), "FROM " + usual.image() + "\n" + usual.rest());
    here.docker(LIMIT, "", "build", "--network", "host", "-t", "app", context.toString());
    List<String> run = new ArrayList<>(List.of("run", "--rm", "--network", "none", "app"));
    run.addAll(usual.command());
    String output = here.docker(LIMIT, "", run.toArray(String[]::new));
    // Then it is what it would be on the real image
    usual.says().forEach(line -> assertTrue(output.contains(line), output));
  }
}
