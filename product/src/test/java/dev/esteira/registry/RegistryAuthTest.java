package dev.esteira.registry;

import static dev.esteira.registry.RegistryHttpTest.assertError;
import static dev.esteira.registry.TestingRegistry.basic;
import static dev.esteira.registry.TestingRegistry.manifest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryAuthTest {
  private static final byte[] NOTHING = {};
  @TempDir Path root;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private TestingRegistry house;

  @BeforeEach
  void open() {
    house = new TestingRegistry(root, root.resolve("blobs"), 0, clock);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aJobPushesToItsOwnProjectAndToNamesOfNoProject() {
    // Given two projects of one group, and a job of the first
    house.access.createProject("shop/Web", Map.of());
    house.access.createProject("shop/api", Map.of());
    String job =
        house.access.issueToken(
            new Access.Principal("job/9", Optional.of("shop/Web")), Duration.ofHours(1));

    // When it pushes
    // Then its own images and those of nobody are open to it, those of the other only to be read
    for (String open : List.of("shop/web", "shop/web/cache", "shop/webber", "plain", "shop")) {
      assertEquals(202, begin(job, open), open);
    }
    for (String closed : List.of("shop/api", "shop/api/worker")) {
      assertEquals(403, begin(job, closed), closed);
    }
    house.putManifest("shop/api", "1", manifest(house.pushBlob("shop/api", NOTHING)));
    assertEquals(
        200, house.sendAs(basic(job), "GET", "/v2/shop/api/manifests/1", NOTHING).statusCode());
  }

  private int begin(String token, String repository) {
    return house
        .sendAs(basic(token), "POST", "/v2/" + repository + "/blobs/uploads/", NOTHING)
        .statusCode();
  }

  @Test
  void strangersAreChallengedAtTheHostTheyAskedFor() throws IOException {
    String head =
        raw("GET /v2/ HTTP/1.1\r\nHost: 123456789012.dkr.ecr.us-east-1.amazonaws.com\r\n");
    assertTrue(head.startsWith("HTTP/1.1 401"), head);
    assertTrue(
        head.contains(
            "Bearer realm=\"http://123456789012.dkr.ecr.us-east-1.amazonaws.com/token\","
                + "service=\"123456789012.dkr.ecr.us-east-1.amazonaws.com\""),
        head);
    var pull = house.sendAs("", "GET", "/v2/group/app/manifests/latest", NOTHING);
    assertError(401, "UNAUTHORIZED", pull);
    String challenge = pull.headers().firstValue("WWW-Authenticate").orElseThrow();
    assertTrue(challenge.contains("scope=\"repository:group/app:pull\""), challenge);
    var push = house.sendAs("", "POST", "/v2/app/blobs/uploads/", NOTHING);
    challenge = push.headers().firstValue("WWW-Authenticate").orElseThrow();
    assertTrue(challenge.contains("scope=\"repository:app:pull,push\""), challenge);
  }

  @Test
  void aPassDoesWhatItsScopesSayAndNoMore() {
    String pull = pass(house.access.adminToken(), "repository:app:pull");
    assertEquals(200, house.sendAs("Bearer " + pull, "GET", "/v2/", NOTHING).statusCode());
    assertError(
        404,
        "MANIFEST_UNKNOWN",
        house.sendAs("Bearer " + pull, "GET", "/v2/app/manifests/x", NOTHING));
    var push = house.sendAs("Bearer " + pull, "POST", "/v2/app/blobs/uploads/", NOTHING);
    assertError(401, "UNAUTHORIZED", push);
    String challenge = push.headers().firstValue("WWW-Authenticate").orElseThrow();
    assertTrue(challenge.contains("error=\"insufficient_scope\""), challenge);
    assertError(
        401,
        "UNAUTHORIZED",
        house.sendAs("Bearer " + pull, "GET", "/v2/other/manifests/x", NOTHING));
    String both = pass(house.access.adminToken(), "repository:app:push,pull");
    assertEquals(
        202,
        house.sendAs("Bearer " + both, "POST", "/v2/app/blobs/uploads/", NOTHING).statusCode());
  }

  @Test
  void jobsPushButDoNotDeleteAndPodsOnlyPull() {
    String job = house.tokenOf("job/7");
    String pods = house.tokenOf("pods");
    Digest config = house.pushBlob("app", "{}".getBytes(UTF_8));
    byte[] bytes = manifest(config);
    String path = "/v2/app/manifests/latest";
    String[] type = {"Content-Type", ManifestDocument.OCI_MANIFEST};
    assertError(403, "DENIED", house.sendAs(basic(pods), "PUT", path, bytes, type));
    assertEquals(201, house.sendAs(basic(job), "PUT", path, bytes, type).statusCode());
    assertEquals(200, house.sendAs(basic(pods), "GET", path, NOTHING).statusCode());
    assertError(403, "DENIED", house.sendAs(basic(job), "DELETE", path, NOTHING));
    String pushing = pass(pods, "repository:app:pull,push");
    assertError(403, "DENIED", house.sendAs("Bearer " + pushing, "PUT", path, bytes, type));
    assertError(403, "DENIED", house.sendAs(basic(job), "GET", "/v2/_catalog", NOTHING));
  }

  @Test
  void aDeployTokenReachesTheImagesOfItsScopeAlone() {
    String reading = deployToken("read_registry");
    String writing = deployToken("write_registry");
    String upload = "/v2/team/shop/api/blobs/uploads/";

    String pull = "Bearer " + pass(reading, "repository:team/shop/api:pull,push");
    assertError(404, "MANIFEST_UNKNOWN", house.sendAs(pull, "GET", MANIFEST, NOTHING));
    assertError(403, "DENIED", house.sendAs(pull, "POST", upload, NOTHING));
    String push = "Bearer " + pass(writing, "repository:team/shop/api:pull,push");
    assertEquals(202, house.sendAs(push, "POST", upload, NOTHING).statusCode());
    assertError(
        403, "DENIED", house.sendAs(basic(writing), "GET", "/v2/other/manifests/x", NOTHING));
  }

  private static final String MANIFEST = "/v2/team/shop/api/manifests/latest";

  private String deployToken(String right) {
    return house
        .access
        .deployTokens()
        .create("group/team", "bots", "bot", Set.of(right), Optional.empty())
        .secret();
  }

  @Test
  void wrongPasswordsGetNoPass() {
    assertError(401, "UNAUTHORIZED", house.sendAs(basic("wrong"), "GET", "/token", NOTHING));
    assertError(401, "UNAUTHORIZED", house.sendAs("", "GET", "/token", NOTHING));
    assertError(401, "UNAUTHORIZED", house.sendAs("Basic !!", "GET", "/token", NOTHING));
    assertError(401, "UNAUTHORIZED", house.sendAs("Bearer abc", "GET", "/v2/", NOTHING));
    assertError(401, "UNAUTHORIZED", house.sendAs(basic("wrong"), "GET", "/v2/", NOTHING));
  }

  @Test
  void theFormOfOauthIsUnderstood() {
    String form =
        "grant_type=password&username=x&password="
            + house.access.adminToken()
            + "&scope=repository%3Aapp%3Apull&service=y";
    var answer = house.sendAs("", "POST", "/token", form.getBytes(UTF_8));
    String pass = Json.parse(answer.body()).path("access_token").asText();
    assertEquals(200, house.sendAs("Bearer " + pass, "GET", "/v2/", NOTHING).statusCode());
  }

  @Test
  void aPassEndsWithItsTimeAndWithItsToken() {
    String job = house.tokenOf("job/8");
    String pass = "Bearer " + pass(job, "repository:app:pull");
    assertEquals(200, house.sendAs(pass, "GET", "/v2/", NOTHING).statusCode());
    house.access.revoke(new Access.Principal("job/8", Optional.empty()));
    now.set(now.get().plusSeconds(3));
    assertEquals(401, house.sendAs(pass, "GET", "/v2/", NOTHING).statusCode());
    String admin = "Bearer " + pass(house.access.adminToken(), "repository:app:pull");
    now.set(now.get().plus(Passes.LIFETIME).plusSeconds(1));
    assertEquals(401, house.sendAs(admin, "GET", "/v2/", NOTHING).statusCode());
  }

  @Test
  void aPassOutlivesARestart() {
    String pass = "Bearer " + pass(house.access.adminToken(), "repository:app:pull");
    house.close();
    open();
    assertEquals(200, house.sendAs(pass, "GET", "/v2/", NOTHING).statusCode());
  }

  private String pass(String password, String scope) {
    var answer = house.sendAs(basic(password), "GET", "/token?service=x&scope=" + scope, NOTHING);
    assertEquals(200, answer.statusCode());
    return Json.parse(answer.body()).path("token").asText();
  }

  private String raw(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port)) {
      String request = head + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
