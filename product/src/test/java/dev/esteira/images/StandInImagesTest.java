package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.EngineHost;
import dev.esteira.engine.ImageName;
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
  private static Path directory;
  private static EngineHost host;
  private static DockerEngine engine;
  private static TestingRegistry house;
  private static StandInImages images;

  /**
   * One Dockerfile.
   *
   * @param image what its FROM names
   * @param rest its other lines
   * @param command what the container runs besides the entrypoint
   * @param says what the container then says, among other things
   */
  record Usual(String image, String rest, List<String> command, List<String> says) {
    @Override
    public String toString() {
      return image;
    }
  }

  static List<Usual> dockerfiles() {
    return List.of(
        new Usual(
            "node:18-alpine",
            """
            RUN apk add --no-cache tini && addgroup -S app && adduser -S -G app app
            WORKDIR /usr/src/app
            COPY --chown=node:node package*.json ./
            RUN npm install --production && yarn --version
            COPY . .
            USER node
            EXPOSE 3000
            CMD ["node", "app.js"]
            """,
            List.of(),
            List.of("v18.", "uid 1000", "true")),
        new Usual(
            "node:22",
            "RUN git --version && python3 --version && make --version && g++ --version\n",
            List.of("--version"),
            List.of("v22.")),
        new Usual(
            "nginx:alpine",
            """
            COPY site.conf /etc/nginx/conf.d/default.conf
            COPY app.js /usr/share/nginx/html/app.js
            RUN nginx -t
            """,
            List.of(
                "sh",
                "-c",
                "nginx; curl -sS localhost:8080/app.js; wget -qO- localhost:8080/index.html"),
            List.of("process.version", "Welcome to nginx!", "GET /app.js")),
        new Usual(
            "maven:3.9-eclipse-temurin-17",
            "RUN mvn --version && git --version && javac --version\n",
            List.of("mvn", "--version"),
            List.of("Java version: 17")),
        new Usual(
            "openjdk:8-jdk-alpine",
            """
            RUN apk add --no-cache bash
            COPY Hello.java .
            RUN javac Hello.java
            ENTRYPOINT ["java", "-cp", ".", "Hello"]
            """,
            List.of(),
            List.of("Java 1.8")),
        new Usual(
            "eclipse-temurin:21-jre",
            "COPY Hello.java .\nCMD [\"java\", \"Hello.java\"]\n",
            List.of(),
            List.of("Java 21")),
        new Usual(
            "golang:1.21-alpine",
            """
            RUN apk add --no-cache git
            WORKDIR /src
            COPY main.go .
            RUN go mod init app && CGO_ENABLED=0 go build -o /app .
            CMD ["/app"]
            """,
            List.of(),
            List.of("go1.21.")),
        new Usual(
            "httpd:2.4",
            "COPY app.js /usr/local/apache2/htdocs/\n",
            List.of(
                "sh",
                "-c",
                "httpd-foreground & curl -sS --retry 20 --retry-connrefused localhost/app.js"),
            List.of("process.version")),
        new Usual(
            "redis:7-alpine",
            "",
            List.of(
                "sh",
                "-c",
                "docker-entrypoint.sh redis-server & for n in $(seq 99); do redis-cli ping &&"
                    + " break; sleep 0.1; done; redis-cli incr n"),
            List.of("PONG\n1")),
        new Usual(
            "postgres:13",
            "ENV POSTGRES_PASSWORD=secret POSTGRES_DB=shop\n",
            List.of(
                "bash",
                "-c",
                "docker-entrypoint.sh postgres & for n in $(seq 99); do sleep 0.5;"
                    + " PGPASSWORD=secret psql -h 127.0.0.1 -U postgres -d shop -tc 'select 6*7'"
                    + " && exit; done"),
            List.of("42")),
        new Usual(
            "alpine:3.18",
            "RUN apk --no-cache add curl jq && adduser -D -u 4321 app\nUSER app\n",
            List.of("sh", "-c", "id -u; echo '{\"a\": 1}' | jq -c .; busybox uname"),
            List.of("4321", "{\"a\":1}", "Linux")));
  }

  @BeforeAll
  static void start() throws Exception {
    directory = Files.createTempDirectory("ess");
    Home home = new Home(directory.resolve("home"));
    String prefix = "10.123." + Integer.parseInt(home.id().substring(0, 2), 16);
    host =
        new EngineHost(
            home, new EngineHost.Addresses(prefix + ".1/25", prefix + ".128/25", List.of()));
    host.start();
    engine = new DockerEngine(host.socket());
    house = new TestingRegistry(directory.resolve("house"));
    images = new DebianImages(engine, house.registry).standIns();
    files(Files.createDirectories(directory.resolve("context")));
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
    engine.close();
    house.close();
    host.stop();
    Commands.check(LIMIT, "", List.of("rm", "-rf", directory.toString()));
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void theUsualDockerfileBuildsAndRuns(Usual usual) throws IOException {
    // Given the stand-in under the name of the image
    ImageName name = ImageName.parse(usual.image());
    StandInImages.StandIn standIn = images.of(name).orElseThrow();
    long began = System.nanoTime();
    String id = images.ensure(standIn, System.out::println);
    System.out.printf(
        "%s by %s in %d ms%n", name, standIn, (System.nanoTime() - began) / 1_000_000);
    engine.tagImage(id, name.familiarRepository(), name.reference());
    // When the Dockerfile is built and run
    Path context = directory.resolve("context");
    Files.writeString(context.resolve("Dockerfile"), "FROM " + usual.image() + "\n" + usual.rest());
    docker("build", "--network", "host", "-t", "app", context.toString());
    List<String> run = new ArrayList<>(List.of("run", "--rm", "--network", "none", "app"));
    run.addAll(usual.command());
    String output = docker(run.toArray(String[]::new));
    // Then it is what it would be on the real image
    usual.says().forEach(line -> assertTrue(output.contains(line), output));
  }

  private static String docker(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "DOCKER_BUILDKIT=0", "DOCKER_HOST=unix://" + host.socket()));
    command.add("/usr/bin/docker");
    command.addAll(List.of(arguments));
    return Commands.check(LIMIT, "", command);
  }
}
