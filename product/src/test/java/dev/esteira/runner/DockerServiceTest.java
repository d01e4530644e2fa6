package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.images.BaseImages;
import dev.esteira.pipeline.Setting;
import dev.esteira.proxy.ScopedEngineProxy;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Docker service and other services of a job, with the docker clients of this machine. */
@Tag("system")
@Timeout(300)
class DockerServiceTest {
  private static final List<String> CLIENTS = List.of("/usr/bin/docker", "/usr/local/bin/docker");

  @RegisterExtension static final TestingJobs jobs = new TestingJobs("team/shop");

  private static ScopedEngineProxy proxy;
  private static int clients;

  private final TestingScript job = jobs.script().image("clients:1");

  @BeforeAll
  static void openProxy() throws IOException {
    proxy = jobs.house().withProxy();
    Map<String, String> programs = new LinkedHashMap<>();
    programs.put("bin/busybox", "/bin/busybox");
    for (String client : CLIENTS) {
      if (Files.isExecutable(Path.of(client))) {
        programs.put("bin/docker" + ++clients, client);
      }
    }
    jobs.house().image("clients:1", programs);
    Path entrypoint = jobs.house().directory.resolve("docker-entrypoint.sh");
    try (var in = BaseImages.class.getResourceAsStream("docker-entrypoint.sh")) {
      Files.write(entrypoint, in.readAllBytes());
    }
    entrypoint.toFile().setExecutable(true);
    programs.put("usr/local/bin/docker-entrypoint.sh", entrypoint.toString());
    jobs.house()
        .image(
            "family:1",
            programs,
            "ENV DOCKER_TLS_CERTDIR=/certs",
            "ENTRYPOINT [\"docker-entrypoint.sh\"]");
  }

  @AfterAll
  static void closeProxy() {
    proxy.close();
  }

  private static Setting.ServiceContainer service(String image, String... aliases) {
    return new Setting.ServiceContainer(
        image, List.of(aliases), Optional.empty(), List.of(), Map.of());
  }

  private static String[] each(String command) {
    String[] all = new String[clients];
    for (int i = 0; i < clients; i++) {
      all[i] = command.replace("DOCKER", "docker" + (i + 1));
    }
    return all;
  }

  @Test
  void theDaemonAnswersOnTheSocketWithNothingSet() throws Exception {
    job.service(service("docker:dind")).script(each("DOCKER info && DOCKER version"));
    assertEquals("ended ", job.run(), () -> job.log().toString());
  }

  @Test
  void theDaemonAnswersInPlainTextUnderAnyAlias() throws Exception {
    job.service(service("docker:20.10.16-dind", "dockerhost", "daemon"))
        .variable("DOCKER_HOST", "tcp://dockerhost:2375")
        .variable("DOCKER_TLS_CERTDIR", "")
        .script(each("DOCKER info"))
        .script(each("DOCKER -H tcp://daemon:2375 version"))
        .script(each("DOCKER -H tcp://docker:2375 ps"));
    assertEquals("ended ", job.run(), () -> job.log().toString());
  }

  @Test
  void theDaemonAnswersWithTlsToTheJobsCertificateAlone() throws Exception {
    job.service(service("docker:27-dind"))
        .variable("DOCKER_HOST", "tcp://docker:2376")
        .variable("DOCKER_TLS_CERTDIR", "/certs")
        .variable("DOCKER_TLS_VERIFY", "1")
        .variable("DOCKER_CERT_PATH", "$DOCKER_TLS_CERTDIR/client")
        .script(each("DOCKER info"))
        .script("ls /certs/client")
        .script(
            each(
                "if DOCKER --tlscert= --tlskey= --tlscacert /certs/client/ca.pem --tlsverify"
                    + " version --format x{{.Server.Version}}; then exit 9; fi"));
    assertEquals("ended ", job.run(), () -> job.log().toString());
    job.says("key.pem");
  }

  @Test
  void anImageOfTheDockerFamilyFindsTheDaemonByItself() throws Exception {
    job.image("family:1")
        .service(service("docker:dind"))
        .script("echo \"$DOCKER_HOST $DOCKER_CERT_PATH\"")
        .script(each("DOCKER info"));
    assertEquals("ended ", job.run(), () -> job.log().toString());
    job.says("tcp://docker:2376 /certs/client");
    TestingScript plain = jobs.script();
    plain.image("family:1").variable("DOCKER_TLS_CERTDIR", "");
    plain.script("echo \"$DOCKER_HOST\"").script(each("DOCKER info"));
    assertEquals("ended ", plain.run(), () -> plain.log().toString());
    plain.says("tcp://docker:2375");
  }

  @Test
  void buildsAndPublishedPortsWorkAsWithADaemonOfItsOwn() throws Exception {
    job.service(service("docker:dind"))
        .variable("DOCKER_HOST", "tcp://docker:2376")
        .variable("DOCKER_TLS_VERIFY", "1")
        .variable("DOCKER_CERT_PATH", "/certs/client")
        .variable("DOCKER_BUILDKIT", "1")
        .script(
            "mkdir -p ctx/lib ctx/lib64; cd ctx; busybox cp /bin/busybox .",
            "busybox cp -L /lib/x86_64-linux-gnu/libc.so.6 "
                + "/lib/x86_64-linux-gnu/libresolv.so.2 lib/ 2>/dev/null || true",
            "busybox cp -L /lib64/ld-linux-x86-64.so.2 lib64/ 2>/dev/null || true",
            "printf 'FROM scratch\\nCOPY busybox /bin/sh\\nCOPY busybox /bin/busybox\\n"
                + "COPY lib /lib/x86_64-linux-gnu\\nCOPY lib64 /lib64\\n"
                + "RUN echo hello > /index.html\\n' > Dockerfile")
        .script(each("DOCKER build -t DOCKER:1 ."))
        .script(
            "docker1 run -d --name web -p 8080:80 docker1:1 /bin/busybox httpd -f -p 80 -h /",
            "docker1 exec web /bin/busybox wget -qO- http://127.0.0.1/",
            "echo got $(/bin/busybox wget -qO- http://docker:8080/)",
            "echo here $(/bin/busybox wget -qO- http://127.0.0.1:8080/)",
            "docker1 run --rm docker1:1 /bin/busybox echo out of it",
            "docker1 rm -f web",
            "busybox wget -T 2 -qO- http://127.0.0.1:8080/ || echo gone");
    assertEquals("ended ", job.run(), () -> String.join("\n", job.log()));
    job.says("got hello");
    job.says("here hello");
    job.says("gone");
    job.says("out of it");
  }

  @Test
  void theGatewayLeadsNeitherToTheHostNorToAnotherJob() throws Exception {
    TestingScript other = jobs.script();
    try (ServerSocket ofTheHost = new ServerSocket(0)) {
      // Given another job with a Docker service, and a program of the host on all addresses
      other.image("clients:1").service(service("docker:dind")).script("sleep 30");
      other.start();
      other.events.await("step 0");
      String gateway = jobs.house().networks.bridge("job/" + other.jobId, false).gateway();
      // When
      String probe = "busybox nc -w 2 %s %d </dev/null >/dev/null 2>&1 && echo reached %s || true";
      job.service(service("docker:dind"))
          .script(
              probe.formatted("docker", 2375, "own"),
              probe.formatted("docker", ofTheHost.getLocalPort(), "host"),
              probe.formatted(gateway, 2375, "other"),
              probe.formatted(gateway, 2376, "other with TLS"));
      // Then
      assertEquals("ended ", job.run(), () -> job.log().toString());
      assertEquals(
          List.of("reached own"), job.log().stream().filter(l -> l.startsWith("reached")).toList());
    }
  }

  @Test
  void aServiceAnswersByItsNamesOnceItIsReady() throws Exception {
    jobs.house()
        .image(
            "group/web:2",
            Map.of("bin/busybox", "/bin/busybox"),
            "EXPOSE 80",
            "CMD [\"/bin/sh\", \"-c\", \"echo $GREETING > /index.html; exec busybox httpd -f -p 80"
                + " -h /\"]");
    job.variable("WHO", "world")
        .service(
            new Setting.ServiceContainer(
                "group/web:2",
                List.of("site"),
                Optional.empty(),
                List.of(),
                Map.of("GREETING", "hello $WHO")))
        .script(
            "for n in site group__web group-web; do busybox wget -qO- http://$n/; done",
            "echo $(docker1 ps -q | busybox wc -l) containers are mine");
    assertEquals("ended ", job.run(), () -> job.log().toString());
    assertEquals(3, job.log().stream().filter("hello world"::equals).count());
    job.says("0 containers are mine");
  }

  @Test
  void aServiceThatEndsIsAWarningWithItsOutput() throws Exception {
    jobs.house()
        .image("broken:1", "EXPOSE 80", "CMD [\"/bin/sh\", \"-c\", \"echo no disk >&2; exit 3\"]");
    job.service(service("broken:1")).script("echo on I go");
    assertEquals("ended ", job.run());
    job.says("*** WARNING: Service broken probably didn't start properly.");
    job.says("no disk");
    job.says("on I go");
  }
}
