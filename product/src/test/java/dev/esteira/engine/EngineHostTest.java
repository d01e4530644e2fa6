package dev.esteira.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Awaiting;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The engine contract, held against real daemons of this test's own home. */
@Tag("system")
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EngineHostTest {
  private static Path directory;
  private static Home home;
  private static EngineHost host;
  private static DockerEngine engine;

  @BeforeAll
  static void startEngine() throws Exception {
    directory = Files.createTempDirectory("est");
    home = new Home(directory.resolve("home"));
    host = new EngineHost(home, addresses());
    host.start();
    engine = new DockerEngine(host.socket());
    String id =
        engine.importImage(TestingRootfs.tar(directory), "tiny", "1", List.of("CMD [\"/bin/sh\"]"));
    assertTrue(id.startsWith("sha256:"), id);
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
    host.stop();
    assertEquals(List.of(), Leftovers.mountsUnder(directory));
    assertFalse(Files.exists(Path.of("/sys/class/net/est" + home.id() + "d0")));
    String socket = host.socket().getParent().toString();
    assertTrue(
        ProcessHandle.allProcesses()
            .noneMatch(p -> p.info().commandLine().orElse("").contains(socket)));
    Leftovers.delete(directory);
    assertFalse(Files.exists(directory));
  }

  private static EngineHost.Addresses addresses() {
    return TestingEngine.addresses(home, "10.127", List.of("10.77.0.0/20"));
  }

  @Test
  void anExitCodeIsReported() throws Exception {
    String id = run("exit-code", "exit 7");
    assertEquals(new Engine.Exit(7, ""), engine.waitContainer(id));
    engine.removeContainer(id);
    engine.removeContainer(id);
    assertTrue(engine.inspectContainer(id).isEmpty());
  }

  @Test
  void creatingAndStartingAgainFindsTheSameContainer() {
    String id = run("again", "sleep 60");
    assertEquals(id, run("again", "sleep 60"));
    engine.stopContainer(id, 0);
    engine.stopContainer(id, 0);
    assertEquals(1, engine.containers(Map.of("test", "again")).size());
    engine.removeContainer(id);
  }

  @Test
  void logLinesComeWithStreamAndStampAndLongOnesWhole() throws Exception {
    Lines lines = new Lines();
    String id =
        run("logs", "echo out; echo err >&2; printf 'x%.0s' {1..40000}; echo; printf 'no end'");
    try (AutoCloseable _ = engine.logs(id, true, 0, lines)) {
      assertTrue(lines.ended.await(120, TimeUnit.SECONDS));
    }
    List<String> all = List.copyOf(lines.seen);
    List<String> sorted =
        all.stream().map(l -> l.replaceFirst("x{40000}", "long")).sorted().toList();
    assertEquals(List.of("1 long", "1 no end", "1 out", "2 err"), sorted);
    engine.removeContainer(id);
  }

  @Test
  void execGivesCodeAndOutputAndIsCutOffAtItsLimit() {
    String id = run("exec", "sleep 60");
    Engine.ExecResult result =
        engine.exec(id, List.of("bash", "-c", "echo a; echo b >&2; exit 3"), 10);
    assertEquals(3, result.exitCode());
    // Two streams have no common order.
    assertEquals(List.of("a", "b"), result.output().lines().sorted().toList());
    EsteiraException late =
        assertThrows(EsteiraException.class, () -> engine.exec(id, List.of("sleep", "50"), 1));
    assertEquals(ErrorCode.LIMIT, late.code());
    engine.removeContainer(id);
  }

  @Test
  void theRawDoorHijacksAnAttachedContainer() throws Exception {
    ObjectNode config = config("attach", "cat");
    config.put("OpenStdin", true).put("StdinOnce", true).put("AttachStdin", true);
    String id = engine.createContainer(name("attach"), config);
    String path = "/containers/" + id + "/attach?stream=1&stdin=1&stdout=1";
    try (Engine.Hijacked attached = engine.hijack("POST", path, List.of(), new byte[0])) {
      assertEquals(101, attached.status());
      engine.startContainer(id);
      attached.out().write("ping\n".getBytes(StandardCharsets.UTF_8));
      attached.closeOutput();
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      LogFrames.read(attached.in(), (stream, bytes) -> output.write(bytes));
      assertEquals("ping\n", output.toString(StandardCharsets.UTF_8));
    }
    assertEquals(0, engine.waitContainer(id).code());
    engine.removeContainer(id);
  }

  @Test
  void buildsTagsAndRemovesImages() throws Exception {
    List<String> output = new ArrayList<>();
    byte[] context = tarOf("Dockerfile", "FROM tiny:1\nRUN echo built > /made\nCMD cat /made\n");
    String id = engine.build(new ByteArrayInputStream(context), Map.of("t", "made:1"), output::add);
    assertEquals(id, engine.inspectImage("made:1").orElseThrow().path("Id").asText());
    assertTrue(String.join("", output).contains("Successfully built"));
    engine.tagImage(id, "host.example/made", "2");
    engine.removeImage("made:1");
    engine.removeImage("host.example/made:2");
    assertTrue(engine.inspectImage(id).isEmpty());
    byte[] broken = tarOf("Dockerfile", "FROM tiny:1\nRUN exit 9\n");
    EsteiraException e =
        assertThrows(
            EsteiraException.class,
            () -> engine.build(new ByteArrayInputStream(broken), Map.of(), output::add));
    assertTrue(e.text().contains("returned a non-zero code: 9"), e.text());
  }

  @Test
  void anUnknownImageIsNotFoundWithTheEnginesWords() {
    ObjectNode config = Json.object().put("Image", "nowhere:1");
    EsteiraException e =
        assertThrows(EsteiraException.class, () -> engine.createContainer(name("none"), config));
    assertEquals(ErrorCode.NOT_FOUND, e.code());
    assertTrue(e.text().contains("No such image"), e.text());
  }

  @Test
  void networksAreMadeOnceAndGoWithTheirEndpoints() {
    String prefix = "10.126." + Integer.parseInt(home.id().substring(2), 16);
    String bridge = "est" + home.id() + "t";
    String id = engine.createNetwork("net-t", bridge, prefix + ".0/28", prefix + ".1");
    assertEquals(id, engine.createNetwork("net-t", bridge, prefix + ".0/28", prefix + ".1"));
    ObjectNode config = config("net", "sleep 60");
    config.putObject("HostConfig").put("NetworkMode", "net-t");
    String container = engine.createContainer(name("net"), config);
    engine.startContainer(container);
    engine.removeNetwork("net-t");
    engine.removeNetwork("net-t");
    assertFalse(Files.exists(Path.of("/sys/class/net", bridge)));
    engine.removeContainer(container);
  }

  @Test
  void aNetworkThatIsStillBeingMadeIsWaitedFor() throws Exception {
    String prefix = "10.126." + Integer.parseInt(home.id().substring(2), 16);
    String bridge = "est" + home.id() + "u";
    Callable<String> make =
        () -> engine.createNetwork("net-u", bridge, prefix + ".16/28", prefix + ".17");
    try (ExecutorService makers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) {
        List<Future<String>> made = makers.invokeAll(Collections.nCopies(3, make));
        Set<String> ids = new HashSet<>();
        for (Future<String> id : made) {
          ids.add(id.get());
        }
        assertEquals(1, ids.size(), ids.toString());
        engine.removeNetwork("net-u");
      }
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void killedDaemonsComeBackAndContainersLive() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    Lines lines = new Lines();
    String id = run("survivor", "i=0; while [ $i -lt 400 ]; do echo $i; ((i++)); sleep 0.01; done");
    try (AutoCloseable _ = engine.events(event -> events.add(event.path("Action").asText()));
        AutoCloseable _ = engine.logs(id, true, 0, lines)) {
      Awaiting.until(() -> lines.seen.size() > 50);
      long pid = engine.inspectContainer(id).orElseThrow().path("State").path("Pid").asLong();
      kill("dockerd");
      Awaiting.until(() -> running(id, pid));
      kill("containerd");
      Awaiting.until(() -> engine.exec(id, List.of("bash", "-c", "exit 5"), 10).exitCode() == 5);
      assertTrue(running(id, pid));
      assertEquals(0, engine.waitContainer(id).code());
      assertTrue(lines.ended.await(120, TimeUnit.SECONDS));
      Awaiting.until(() -> events.contains("reconnected") && events.contains("die"));
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      expected.add("1 " + i);
    }
    assertEquals(expected, List.copyOf(lines.seen));
    engine.removeContainer(id);
  }

  @Test
  void aLongHomeHasItsSocketsInAShortPlace() throws Exception {
    Home far = new Home(directory.resolve("a-rather-long-name-".repeat(5)));
    EngineHost second = new EngineHost(far, TestingEngine.addresses(home, "10.125", List.of()));
    try {
      second.start();
      assertEquals(Path.of("/run/esteira-" + far.id() + "/docker.sock"), second.socket());
      try (DockerEngine there = new DockerEngine(second.socket())) {
        assertEquals(0, there.containers(Map.of()).size());
      }
    } finally {
      second.stop();
    }
    assertFalse(Files.exists(second.socket().getParent()));
  }

  @Test
  void anEngineThatDoesNotComeUpIsQuoted() {
    Home broken = new Home(directory.resolve("broken"));
    EngineHost second =
        new EngineHost(broken, new EngineHost.Addresses("10.124.0.1/30", "nonsense", List.of()));
    try {
      EsteiraException e = assertThrows(EsteiraException.class, second::start);
      assertEquals(ErrorCode.UNAVAILABLE, e.code());
      assertTrue(e.text().contains("dockerd.log") && e.text().contains("nonsense"), e.text());
    } finally {
      second.stop();
    }
  }

  @Test
  @Order(1)
  void aSecondHostOfTheHomeAdoptsWhatRuns() throws Exception {
    long before = pid("dockerd");
    host.leave();
    EngineHost second = new EngineHost(home, addresses());
    second.start();
    assertEquals(before, pid("dockerd"));
    host = second;
  }

  private static boolean running(String id, long pid) {
    try {
      JsonNode state = engine.inspectContainer(id).orElseThrow().path("State");
      return state.path("Running").asBoolean() && state.path("Pid").asLong() == pid;
    } catch (EsteiraException e) {
      return false;
    }
  }

  private static void kill(String daemon) throws IOException {
    ProcessHandle.of(pid(daemon)).orElseThrow().destroyForcibly();
  }

  private static long pid(String daemon) throws IOException {
    return Long.parseLong(Files.readString(EngineFiles.of(home).pid(daemon)).strip());
  }

  private static String run(String name, String script) {
    String id = engine.createContainer(name(name), config(name, script));
    engine.startContainer(id);
    return id;
  }

  private static ObjectNode config(String name, String script) {
    ObjectNode config = Json.object().put("Image", "tiny:1");
    config.putArray("Cmd").add("bash").add("-c").add(script);
    config.putObject("Labels").put("test", name);
    return config;
  }

  private static String name(String name) {
    return "t" + home.id() + "-" + name;
  }

  private static byte[] tarOf(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  private static final class Lines implements Engine.LogSink {
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void line(int stream, String timestamp, byte[] text) {
      seen.add(stream + " " + new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public void end() {
      ended.countDown();
    }
  }
}
