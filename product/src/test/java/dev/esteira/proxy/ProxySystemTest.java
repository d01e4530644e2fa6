package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Awaiting;
import dev.esteira.base.Digest;
import dev.esteira.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The proxy between real docker clients and a real engine. */
@Tag("system")
@Timeout(300)
class ProxySystemTest {
  private static final String ECR = "999999999999.dkr.ecr.us-east-1.amazonaws.com";
  private static TestingHouse house;

  @BeforeAll
  static void start() throws IOException {
    house = new TestingHouse();
    house.seed("python", "3");
  }

  @AfterAll
  static void stop() throws IOException {
    house.close();
  }

  @ParameterizedTest
  @MethodSource("dev.esteira.proxy.TestingOwner#clients")
  void theDeliveryOfTheCommentsApiRunsUnmodified(String client) throws Exception {
    // Given a job with the CRLF Dockerfile that begins with ARG REPO and FROM $REPO/python:3
    TestingOwner job = house.owner(client.contains("local") ? "new" : "old");
    Path context = context(job, "RUN echo from the build > /hello\r\n");
    // When it logs in, builds, tags and pushes, as its buildspec says
    String login =
        job.run(client, job.token(), "login", "--username", "AWS", "--password-stdin", ECR).check();
    assertTrue(login.contains("Login Succeeded"), login);
    String built =
        job.run(
                client,
                "",
                "build",
                context.toString(),
                "-t",
                "current:latest",
                "--build-arg",
                "REPO=" + ECR)
            .check();
    assertTrue(built.contains("Step 2/5 : FROM $REPO/python:3"), built);
    assertTrue(built.contains("Successfully tagged current:latest"), built);
    String name = ECR + "/comments-" + client.hashCode() + ":7";
    job.run(client, "", "tag", "current:latest", name).check();
    String pushed = job.run(client, "", "push", name).check();
    // Then the registry has the image, pushed by this job, and says so as docker does
    Registry.Manifest manifest =
        house.registry.manifest("comments-" + client.hashCode(), "7").orElseThrow();
    assertTrue(pushed.contains("7: digest: " + manifest.digest() + " size: "), pushed);
    assertTrue(pushed.contains("Layer already exists"), pushed);
    // And another job pulls and runs it
    TestingOwner other = house.owner("reader" + client.hashCode());
    other.run(client, "", "pull", "-q", name).check();
    assertEquals("from the build\n", other.run(client, "", "run", "--rm", name).check());
    assertEquals(
        "[" + name.replace(":7", "") + "@" + manifest.digest() + "]\n",
        other.docker("inspect", "--format", "{{.RepoDigests}}", name).check());
    house.proxy().close(other.owner().owner());
    house.proxy().close(job.owner().owner());
  }

  @Test
  void twoOwnersTagTheSameNameAtOnceAndNeverMeet() throws Exception {
    TestingOwner one = house.owner("one");
    TestingOwner two = house.owner("two");
    login(one);
    login(two);
    CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> buildAs(one, "ONE"));
    CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> buildAs(two, "TWO"));
    assertEquals("ONE\n", first.get());
    assertEquals("TWO\n", second.get());
    assertNotEquals(id(one), id(two));
    // And neither sees or reaches the other's containers, by name or by id
    String container =
        one.docker("run", "-d", "--name", "web", "current:latest", "/bin/sleep", "60").check();
    assertEquals("", two.docker("ps", "-aq").check());
    for (String reference : List.of("web", container.strip(), container.substring(0, 12))) {
      TestingOwner.Ran ran = two.docker("exec", reference, "/bin/ls");
      assertTrue(ran.output().contains("No such container: " + reference), ran.output());
    }
    says(two.docker("run", "--rm", id(one)), "No such image: sha256:");
    // And closing one removes what it made and leaves the other's
    house.proxy().close(one.owner().owner());
    assertTrue(house.engine.inspectContainer(container.strip()).isEmpty());
    assertEquals("TWO\n", two.docker("run", "--rm", "current:latest").check());
    house.proxy().close(two.owner().owner());
  }

  private static String buildAs(TestingOwner owner, String text) {
    try {
      Path context = context(owner, "RUN echo " + text + " > /hello\r\n");
      owner
          .docker("build", context.toString(), "-t", "current:latest", "--build-arg", "REPO=" + ECR)
          .check();
      return owner.docker("run", "--rm", "current:latest").check();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String id(TestingOwner owner) {
    return owner.docker("inspect", "-f", "{{.Id}}", "current").check().strip();
  }

  @Test
  void containersLiveAsTheyDoElsewhere() throws Exception {
    TestingOwner job = prepared("life");
    assertEquals(
        "in\n",
        job.run(TestingOwner.OLD, "in\n", "run", "-i", "--rm", "current", "/bin/cat").check());
    job.docker("network", "create", "inner").check();
    job.docker("volume", "create", "data").check();
    job.docker(
            "run",
            "-d",
            "--name",
            "web",
            "--network",
            "inner",
            "-v",
            "data:/data",
            "current",
            "/bin/sh",
            "-c",
            "echo log line; sleep 60")
        .check();
    assertEquals("web\n", job.docker("ps", "--format", "{{.Names}}").check());
    assertEquals(3, job.docker("exec", "web", "/bin/sh", "-c", "exit 3").exitCode());
    assertEquals("log line\n", job.docker("logs", "web").check());
    assertEquals("data\n", job.docker("volume", "ls", "-q").check());
    assertEquals(
        "bridge inner\n",
        job.docker(
                "inspect",
                "-f",
                "{{range $k, $_ := .NetworkSettings.Networks}}{{$k}} {{end}}",
                "web")
            .check()
            .replace(" \n", "\n"));
    assertTrue(job.docker("network", "ls").check().contains("inner"));
    job.docker("rename", "web", "site").check();
    job.docker("stop", "-t", "0", "site").check();
    assertEquals("137\n", job.docker("wait", "site").check());
    job.docker("rm", "site").check();
    job.docker("network", "rm", "inner").check();
    job.docker("volume", "rm", "data").check();
    house.proxy().close(job.owner().owner());
  }

  @Test
  void savedImagesLoadUnderTheOwnersNames() throws Exception {
    TestingOwner job = prepared("archive");
    Path tar = house.directory.resolve("saved.tar");
    job.docker("save", "-o", tar.toString(), "current:latest").check();
    TestingOwner other = house.owner("archive-reader");
    assertTrue(other.docker("load", "-i", tar.toString()).check().contains("current:latest"));
    assertEquals("hello\n", other.docker("run", "--rm", "current:latest").check());
    house.proxy().close(other.owner().owner());
    house.proxy().close(job.owner().owner());
  }

  @Test
  void bindsLeadIntoTheWorkspaceAndNeverOutOfIt() throws Exception {
    TestingOwner job = prepared("binds");
    Files.writeString(job.work().resolve("file"), "mine\n");
    Files.createSymbolicLink(job.work().resolve("out"), Path.of("/etc"));
    Files.createSymbolicLink(job.work().resolve("up"), Path.of("../../../../../../etc"));
    assertEquals(
        "mine\n",
        job.docker("run", "--rm", "-v", "/work:/w", "current", "/bin/cat", "/w/file").check());
    for (String source : List.of("/work/out", "/work/up", "/etc", "/work/../etc", "/")) {
      TestingOwner.Ran ran =
          job.docker("run", "--rm", "-v", source + ":/m", "current", "/bin/ls", "/m/passwd");
      assertFalse(ran.exitCode() == 0, source + " led out: " + ran.output());
    }
    // And what docker makes for a missing source is made inside
    job.docker("run", "--rm", "-v", "/work/new/dir:/m", "current", "/bin/sh", "-c", "echo x > /m/y")
        .check();
    assertEquals("x\n", Files.readString(job.work().resolve("new/dir/y")));
    house.proxy().close(job.owner().owner());
    String staged = house.home.proxy() + "/";
    assertFalse(
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .anyMatch(mount -> mount.contains(staged) && mount.contains("/binds/")));
  }

  @Test
  void mistakesAreSaidInDockersOwnWords() throws Exception {
    TestingOwner job = prepared("mistakes");
    says(
        job.docker("push", ECR + "/never:made"),
        "An image does not exist locally with the tag: " + ECR + "/never");
    says(
        job.docker("pull", ECR + "/nothing:1"),
        "manifest for " + ECR + "/nothing:1 not found: manifest unknown");
    says(job.docker("run", "--privileged", "current"), "no container is privileged here");
    says(job.docker("login", "-u", "AWS", "-p", "wrong", ECR), "unauthorized");
    job.docker("tag", "current", ECR + "/app:1").check();
    job.docker("logout", ECR).check();
    says(job.docker("push", ECR + "/app:1"), "no basic auth credentials");
    // The login at one account of ECR counts for another, since all of them are this house
    String hardCoded = TestingHouse.ECR + "/app:1";
    job.docker("tag", "current", hardCoded).check();
    String pushed = job.docker("push", hardCoded).check();
    assertTrue(pushed.contains("using the login at " + ECR), pushed);
    TestingOwner other = house.owner("mistakes-other");
    other.docker("pull", hardCoded).check();
    says(other.docker("push", hardCoded), "no basic auth credentials");
    house.proxy().close(other.owner().owner());
    house.proxy().close(job.owner().owner());
  }

  @Test
  void aDeployTokenPushesToItsGroupAlone() throws Exception {
    TestingOwner job = prepared("deploys");
    String token =
        house
            .access
            .deployTokens()
            .create("group/bots", "t", "robot", Set.of("write_registry"), Optional.empty())
            .secret();
    String ours = "registry.gitlab.com/bots/charlie/app";
    String theirs = "registry.gitlab.com/others/app";
    job.docker("login", "-u", "robot", "-p", token, "registry.gitlab.com").check();
    job.docker("tag", "current", ours).check();
    job.docker("tag", "current", theirs).check();

    job.docker("push", ours).check();

    assertTrue(house.registry.manifest("bots/charlie/app", "latest").isPresent());
    says(job.docker("push", theirs), "which may not push to others/app");
    house.proxy().close(job.owner().owner());
  }

  @Test
  void filesWhoseNamesAreNoUtf8ArePushedAndPulled() throws Exception {
    TestingOwner job = house.owner("names");
    login(job);
    Path context = context(job, "RUN echo x > \"$(printf '/\\377\\351')\" && echo y > /\u0151\r\n");
    String image = ECR + "/names:1";
    job.docker("build", "-q", context.toString(), "-t", image, "--build-arg", "REPO=" + ECR)
        .check();
    job.docker("push", image).check();
    TestingOwner other = house.owner("names-other");
    other.docker("pull", "-q", image).check();
    String read = "cat $'/\\xff\\xe9' /\u0151";
    assertEquals("x\ny\n", other.docker("run", "--rm", image, "/bin/bash", "-c", read).check());
    house.proxy().close(other.owner().owner());
    house.proxy().close(job.owner().owner());
  }

  @Test
  void whatIsPushedToEcrPublicWithOurLoginIsKeptUnderItsName() throws Exception {
    TestingOwner job = prepared("public");
    String image = "public.ecr.aws/a1b2c3d4/app:1";
    job.run(
            TestingOwner.OLD,
            job.token(),
            "login",
            "-u",
            "AWS",
            "--password-stdin",
            "public.ecr.aws/a1b2c3d4")
        .check();
    job.docker("tag", "current", image).check();
    job.docker("push", image).check();
    TestingOwner other = house.owner("public-other");
    other.docker("pull", "-q", image).check();
    assertEquals("hello\n", other.docker("run", "--rm", image).check());
    house.proxy().close(other.owner().owner());
    house.proxy().close(job.owner().owner());
  }

  private static void says(TestingOwner.Ran ran, String sentence) {
    assertNotEquals(0, ran.exitCode());
    assertTrue(ran.output().contains(sentence), ran.output());
  }

  @Test
  void anOwnerFindsItsThingsAfterARestart() throws Exception {
    TestingOwner job = prepared("restart");
    job.docker("run", "-d", "--name", "web", "current", "/bin/sleep", "60").check();
    house.restartProxy();
    assertTrue(house.proxy().owners().contains("job/restart"));
    house.proxy().open(job.owner());
    assertEquals("web\n", job.docker("ps", "--format", "{{.Names}}").check());
    assertEquals("hello\n", job.docker("run", "--rm", "current").check());
    house.proxy().close(job.owner().owner());
    assertFalse(house.proxy().owners().contains("job/restart"));
  }

  @Test
  void aLayerInTheRegistryIsByteForByteTheEnginesOwn() throws Exception {
    TestingOwner job = prepared("layers");
    job.docker("tag", "current", ECR + "/layers:1").check();
    job.docker("push", ECR + "/layers:1").check();
    String layers = job.docker("inspect", "-f", "{{json .RootFS.Layers}}", "current").check();
    for (String layer : layers.strip().replaceAll("[\\[\\]\"]", "").split(",")) {
      assertTrue(house.registry.hasBlob(new Digest(layer)), layer);
    }
    // And an engine that has lost the image makes the same one from them
    String id = id(job);
    house.proxy().close(job.owner().owner());
    EngineCalls engine = new EngineCalls(house.engine);
    engine.delete("/images/" + id + "?force=1");
    assertTrue(engine.find("/images/" + id + "/json").isEmpty());
    TestingOwner reader = house.owner("layer-reader");
    says(reader.docker("run", "--pull", "never", ECR + "/layers:1"), "No such image");
    reader.run(TestingOwner.NEW, "", "pull", ECR + "/layers:1").check();
    assertEquals("hello\n", reader.docker("run", ECR + "/layers:1").check());
    assertEquals(id, reader.docker("inspect", "-f", "{{.Id}}", ECR + "/layers:1").check().strip());
    house.proxy().close(reader.owner().owner());
  }

  @Test
  void aSilentBuildEndsWithItsOwner() throws Exception {
    TestingOwner job = prepared("silent");
    Path context = context(job, "RUN /bin/sleep 300\r\n");
    CompletableFuture<TestingOwner.Ran> build =
        CompletableFuture.supplyAsync(
            () -> job.docker("build", "--build-arg", "REPO=" + ECR, context.toString()));
    EngineCalls engine = new EngineCalls(house.engine);
    Awaiting.until(() -> engine.get("/containers/json").toString().contains("sleep 300"));
    house.proxy().close(job.owner().owner());
    assertNotEquals(0, build.get().exitCode());
    Awaiting.until(() -> !engine.get("/containers/json?all=1").toString().contains("sleep 300"));
  }

  @Test
  void whatTheEngineSavesPushesTheSameImage() throws Exception {
    TestingOwner job = prepared("saved");
    String id = id(job);
    List<Digest> layers = new ArrayList<>();
    EngineCalls engine = new EngineCalls(house.engine);
    engine
        .get("/images/" + id + "/json")
        .at("/RootFS/Layers")
        .forEach(layer -> layers.add(new Digest(layer.asText())));
    try (SavedLayers saved = new SavedLayers(house.engine, house.directory.resolve("saved"))) {
      assertEquals(id, Digest.of(saved.config(id)).value());
      for (int i = 0; i < layers.size(); i++) {
        try (InputStream in = saved.layer(id, layers.subList(0, i + 1))) {
          assertEquals(layers.get(i), Digest.of(in.readAllBytes()));
        }
      }
    }
    house.proxy().close(job.owner().owner());
  }

  private static void login(TestingOwner owner) {
    owner
        .run(TestingOwner.OLD, owner.token(), "login", "-u", "AWS", "--password-stdin", ECR)
        .check();
  }

  /** An owner that is logged in and has built {@code current:latest}, which prints hello. */
  private static TestingOwner prepared(String id) throws IOException {
    TestingOwner owner = house.owner(id);
    login(owner);
    assertEquals("hello\n", buildAs(owner, "hello"));
    return owner;
  }

  private static Path context(TestingOwner owner, String run) throws IOException {
    Path context = Files.createDirectories(owner.work().resolve("context"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "ARG REPO\r\nFROM $REPO/python:3\r\n"
            + run
            + "COPY . /app\r\nCMD [\"/bin/cat\", \"/hello\"]\r\n");
    return context;
  }
}
