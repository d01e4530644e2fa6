package dev.esteira.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Commands;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import dev.esteira.engine.TestingEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The registry as stock clients see it: docker of two ages, podman, skopeo and curl. */
@Tag("system")
@Timeout(300)
class RegistryClientsTest {
  private static final String OLD_DOCKER = TestingEngine.DOCKER;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static TestingEngine here;
  private static TestingRegistry house;

  /** Debian's client, and a newer one where the machine has it. */
  static List<String> clients() {
    return Stream.of(OLD_DOCKER, "/usr/local/bin/docker")
        .filter(client -> Files.isExecutable(Path.of(client)))
        .toList();
  }

  @BeforeAll
  static void start() throws Exception {
    here = new TestingEngine("10.125");
    house = new TestingRegistry(here.directory.resolve("house"));
    for (String client : clients()) {
      if (Files.exists(Path.of(client))) {
        login(client, house.access.adminToken());
      }
    }
  }

  @AfterAll
  static void stop() {
    house.close();
    here.close();
  }

  @ParameterizedTest
  @MethodSource("clients")
  void dockerPushesAndPullsByTagAndByDigest(String client) throws IOException {
    String name = house.host() + "/team/app" + client.length();
    String id =
        here.engine.importImage(rootfs(client, 300_000), name, "v1", List.of("CMD [\"/x\"]"));
    String pushed = docker(client, "push", name + ":v1");
    String digest = pushed.substring(pushed.indexOf("sha256:"), pushed.indexOf(" size:")).strip();
    docker(client, "rmi", name + ":v1");
    docker(client, "pull", name + ":v1");
    assertEquals(id, imageId(name + ":v1"));
    docker(client, "rmi", name + ":v1");
    docker(client, "pull", name + "@" + digest);
    assertEquals(id, imageId(name + "@" + digest));
    // The same layer under another name is mounted, not sent.
    docker(client, "tag", id, name + "-other:v2");
    String other = docker(client, "push", name + "-other:v2");
    assertTrue(other.contains("Mounted from") || other.contains("already exists"), other);
  }

  @Test
  void everythingIsThereAfterARestart() throws IOException {
    String name = house.host() + "/restart/app:v1";
    String id =
        here.engine.importImage(rootfs("restart", 1000), name.replace(":v1", ""), "v1", List.of());
    docker(OLD_DOCKER, "push", name);
    docker(OLD_DOCKER, "rmi", name);
    int port = house.port;
    house.close();
    Path root = here.directory.resolve("house");
    house = new TestingRegistry(root, root.resolve("blobs"), port, InstantSource.system());
    docker(OLD_DOCKER, "pull", name);
    assertEquals(id, imageId(name));
  }

  @Test
  void aWrongPasswordIsSaid() {
    Commands.Result result =
        run("wrong", OLD_DOCKER, "login", "-u", "AWS", "--password-stdin", house.host());
    assertNotEquals(0, result.exitCode());
    assertTrue(result.output().contains("not a valid token of this registry"), result.output());
    String without = "without-login";
    Commands.Result stranger =
        Commands.run(
            LIMIT, "", command(without, OLD_DOCKER, "pull", house.host() + "/team/app:v1"));
    assertTrue(stranger.output().contains("log in first"), stranger.output());
  }

  @Test
  void dockerPullsAnOciManifestOverPlainTarLayers() throws IOException {
    byte[] layer = rootfs("plain", 5000).readAllBytes();
    Digest layerDigest = Digest.of(layer);
    var config = Json.object().put("architecture", "amd64").put("os", "linux");
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(layerDigest.value());
    byte[] configBytes = Json.write(config).getBytes(UTF_8);
    house.registry.putBlob(layerDigest, new ByteArrayInputStream(layer));
    house.registry.putBlob(Digest.of(configBytes), new ByteArrayInputStream(configBytes));
    var manifest = Json.parse(TestingRegistry.manifest(Digest.of(configBytes), layerDigest));
    ((ObjectNode) manifest.at("/config")).put("size", configBytes.length);
    ((ObjectNode) manifest.at("/layers/0")).put("size", layer.length);
    house.registry.putManifest(
        "plain",
        Optional.of("latest"),
        ManifestDocument.OCI_MANIFEST,
        Json.write(manifest).getBytes(UTF_8),
        "admin");
    docker(OLD_DOCKER, "pull", house.host() + "/plain");
    assertEquals(Digest.of(configBytes).value(), imageId(house.host() + "/plain:latest"));
  }

  @Test
  void skopeoCopiesInspectsAndDeletes() throws IOException {
    String name = house.host() + "/skopeo/app";
    here.engine.importImage(rootfs("skopeo", 2000), name, "v1", List.of());
    docker(OLD_DOCKER, "push", name + ":v1");
    String credentials = "any:" + house.access.adminToken();
    skopeo(
        "copy",
        "--src-creds",
        credentials,
        "--dest-creds",
        credentials,
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        "--format",
        "oci",
        "docker://" + name + ":v1",
        "docker://" + house.host() + "/skopeo/copy:v2");
    String inspected =
        skopeo(
            "inspect",
            "--creds",
            credentials,
            "--tls-verify=false",
            "docker://" + house.host() + "/skopeo/copy:v2");
    assertTrue(inspected.contains("\"v2\""), inspected);
    skopeo(
        "delete",
        "--creds",
        credentials,
        "--tls-verify=false",
        "docker://" + house.host() + "/skopeo/copy:v2");
    assertTrue(house.registry.manifest("skopeo/copy", "v2").isEmpty());
  }

  @Test
  void podmanLogsInPushesAndPulls() throws IOException {
    String name = house.host() + "/podman/app:v1";
    Path rootfs = here.directory.resolve("podman.tar");
    Files.write(rootfs, rootfs("podman", 200_000).readAllBytes());
    podman("", "import", rootfs.toString(), name);
    String id = podman("", "images", "--no-trunc", "--format", "{{.Id}}", name).strip();
    Commands.Result stranger = podmanResult("", "push", "--tls-verify=false", name);
    assertNotEquals(0, stranger.exitCode());

    String said =
        podman(
            house.access.adminToken(),
            "login",
            "--tls-verify=false",
            "--username=AWS",
            "--password-stdin",
            house.host());
    assertTrue(said.contains("Login Succeeded"), said);
    podman("", "push", "--tls-verify=false", name);
    assertTrue(house.registry.manifest("podman/app", "v1").isPresent());
    podman("", "rmi", name);
    podman("", "pull", "--tls-verify=false", name);

    assertEquals(id, podman("", "images", "--no-trunc", "--format", "{{.Id}}", name).strip());
  }

  @Test
  void curlUploadsInChunks() throws IOException {
    byte[] blob = new byte[3_000_000];
    new Random(7).nextBytes(blob);
    Path file = here.directory.resolve("blob");
    Files.write(file, blob);
    String user = "x:" + house.access.adminToken();
    String base = "http://" + house.host();
    String head = curl("-u", user, "-si", "-X", "POST", base + "/v2/curl/blobs/uploads/");
    String location =
        head.lines()
            .filter(line -> line.startsWith("Location: "))
            .findFirst()
            .orElseThrow()
            .substring("Location: ".length());
    curl(
        "-u",
        user,
        "-sf",
        "-X",
        "PATCH",
        "-H",
        "Transfer-Encoding: chunked",
        "-T",
        file.toString(),
        base + location);
    curl("-u", user, "-sf", "-X", "PUT", base + location + "?digest=" + Digest.of(blob));
    Path back = here.directory.resolve("back");
    curl("-u", user, "-sf", "-o", back.toString(), base + "/v2/curl/blobs/" + Digest.of(blob));
    assertArrayEquals(blob, Files.readAllBytes(back));
  }

  @Test
  void aFullDiskIsSaidAndEarlierImagesStay() throws IOException {
    Path root = here.directory.resolve("small");
    Path blobs = Files.createDirectories(root.resolve("blobs"));
    Commands.check(List.of("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", blobs.toString()));
    try (TestingRegistry small = new TestingRegistry(root, blobs, 0, InstantSource.system())) {
      run(
          small.access.adminToken(),
          OLD_DOCKER,
          "login",
          "-u",
          "x",
          "--password-stdin",
          small.host());
      String name = small.host() + "/full/app";
      here.engine.importImage(rootfs("fits", 1_000_000), name, "fits", List.of());
      docker(OLD_DOCKER, "push", name + ":fits");
      here.engine.importImage(rootfs("large", 20_000_000), name, "large", List.of());
      Commands.Result result = run("", OLD_DOCKER, "push", name + ":large");
      assertNotEquals(0, result.exitCode());
      assertTrue(result.output().contains("no space left on device"), result.output());
      docker(OLD_DOCKER, "rmi", name + ":fits");
      docker(OLD_DOCKER, "pull", name + ":fits");
    } finally {
      Commands.check(List.of("umount", blobs.toString()));
    }
  }

  private static void login(String client, String password) {
    Commands.Result result =
        run(password, client, "login", "-u", "AWS", "--password-stdin", house.host());
    assertTrue(result.output().contains("Login Succeeded"), result.output());
  }

  private static String imageId(String name) {
    return here.engine.inspectImage(name).orElseThrow().path("Id").asText();
  }

  /** A root file system of one file that does not compress. */
  private static ByteArrayInputStream rootfs(String seed, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(seed.hashCode()).nextBytes(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry("content");
      entry.setSize(size);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static String docker(String client, String... arguments) {
    Commands.Result result = run("", client, arguments);
    assertEquals(0, result.exitCode(), result::output);
    return result.output();
  }

  private static Commands.Result run(String input, String client, String... arguments) {
    return Commands.run(LIMIT, input, command("client" + client.length(), client, arguments));
  }

  private static List<String> command(String config, String client, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("env");
    command.add("DOCKER_HOST=unix://" + here.host.socket());
    command.add("DOCKER_CONFIG=" + here.directory.resolve(config));
    command.add(client);
    command.addAll(List.of(arguments));
    return command;
  }

  private static String skopeo(String... arguments) {
    return program("skopeo", arguments);
  }

  private static String podman(String input, String... arguments) {
    Commands.Result result = podmanResult(input, arguments);
    assertEquals(0, result.exitCode(), result::output);
    return result.output();
  }

  /** With images and credentials in our directory; the simplest storage mounts nothing. */
  private static Commands.Result podmanResult(String input, String... arguments) {
    Path own = here.directory.resolve("podman");
    List<String> command = new ArrayList<>(List.of("env", "REGISTRY_AUTH_FILE=" + own + ".json"));
    command.addAll(List.of("podman", "--storage-driver=vfs", "--cgroup-manager=cgroupfs"));
    command.addAll(List.of("--root=" + own, "--runroot=" + own + "-run"));
    command.addAll(List.of("--tmpdir=" + own + "-tmp", "--events-backend=none"));
    command.addAll(List.of(arguments));
    return Commands.run(LIMIT, input, command);
  }

  private static String curl(String... arguments) {
    return program("curl", arguments);
  }

  private static String program(String name, String... arguments) {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(arguments));
    return Commands.check(LIMIT, "", command);
  }
}
