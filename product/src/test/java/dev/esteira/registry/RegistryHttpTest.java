package dev.esteira.registry;

import static dev.esteira.registry.TestingRegistry.manifest;
import static dev.esteira.registry.TestingRegistry.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Digest;
import dev.esteira.base.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryHttpTest {
  private static final byte[] NOTHING = {};
  @TempDir Path root;
  private TestingRegistry house;

  @BeforeEach
  void open() {
    house = new TestingRegistry(root);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aChunkedUploadIsPulledWholeAndInRanges() {
    // Given a blob sent in two pieces and an empty PUT
    byte[] blob = "0123456789".getBytes(UTF_8);
    var begun = house.send("POST", "/v2/a/b/blobs/uploads/", NOTHING);
    assertEquals(202, begun.statusCode());
    String location = location(begun);
    var first = house.send("PATCH", location, "0123".getBytes(UTF_8), "Content-Range", "0-3");
    assertEquals(202, first.statusCode());
    assertEquals("0-3", first.headers().firstValue("Range").orElseThrow());
    var second = house.send("PATCH", location, "456789".getBytes(UTF_8));
    assertEquals("0-9", second.headers().firstValue("Range").orElseThrow());
    var status = house.get(location);
    assertEquals(204, status.statusCode());
    assertEquals("0-9", status.headers().firstValue("Range").orElseThrow());
    // When
    var done = house.send("PUT", location + "?digest=" + Digest.of(blob), NOTHING);
    // Then
    assertEquals(201, done.statusCode());
    String path = "/v2/a/b/blobs/" + Digest.of(blob);
    assertEquals(path, location(done));
    assertArrayEquals(blob, house.get(path).body());
    var part = house.get(path, "Range", "bytes=2-4");
    assertEquals(206, part.statusCode());
    assertEquals("234", text(part));
    assertEquals("bytes 2-4/10", part.headers().firstValue("Content-Range").orElseThrow());
    assertEquals("89", text(house.get(path, "Range", "bytes=-2")));
    assertEquals("9", text(house.get(path, "Range", "bytes=9-")));
    assertEquals(416, house.get(path, "Range", "bytes=10-").statusCode());
    var head = house.send("HEAD", path, NOTHING);
    assertEquals("10", head.headers().firstValue("Content-Length").orElseThrow());
  }

  @Test
  void aPieceThatDoesNotFollowIsRefusedAndTheUploadGoesOn() {
    String location = location(house.send("POST", "/v2/a/blobs/uploads/", NOTHING));
    house.send("PATCH", location, "abc".getBytes(UTF_8), "Content-Range", "0-2");
    var gap = house.send("PATCH", location, "x".getBytes(UTF_8), "Content-Range", "7-7");
    assertEquals(416, gap.statusCode());
    assertEquals("0-2", gap.headers().firstValue("Range").orElseThrow());
    Digest digest = Digest.of("abc".getBytes(UTF_8));
    assertEquals(201, house.send("PUT", location + "?digest=" + digest, NOTHING).statusCode());
  }

  @Test
  void anUploadGoesOnAfterARestart() {
    String location = location(house.send("POST", "/v2/a/blobs/uploads/", NOTHING));
    house.send("PATCH", location, "abc".getBytes(UTF_8));
    house.close();
    house = new TestingRegistry(root);
    Digest digest = Digest.of("abcdef".getBytes(UTF_8));
    var done = house.send("PUT", location + "?digest=" + digest, "def".getBytes(UTF_8));
    assertEquals(201, done.statusCode());
  }

  @Test
  void wrongDigestsAreRefused() {
    Digest other = Digest.of("other".getBytes(UTF_8));
    var single = house.send("POST", "/v2/a/blobs/uploads/?digest=" + other, "abc".getBytes(UTF_8));
    assertError(400, "DIGEST_INVALID", single);
    assertError(404, "BLOB_UNKNOWN", house.get("/v2/a/blobs/" + other));
    assertError(400, "DIGEST_INVALID", house.get("/v2/a/blobs/sha256:12"));
    assertError(404, "BLOB_UPLOAD_UNKNOWN", house.send("PATCH", "/v2/a/blobs/uploads/x", NOTHING));
  }

  @Test
  void manifestsComeByTagAndByDigestAndGoAgain() {
    Digest config = house.pushBlob("team/app", "{}".getBytes(UTF_8));
    Digest layer = house.pushBlob("team/app", "layer".getBytes(UTF_8));
    byte[] manifest = manifest(config, layer);
    var put = house.putManifest("team/app", "v1", manifest);
    assertEquals(201, put.statusCode(), () -> text(put));
    String digest = Digest.of(manifest).value();
    for (String reference : List.of("v1", digest)) {
      var got = house.get("/v2/team/app/manifests/" + reference);
      assertArrayEquals(manifest, got.body());
      assertEquals(digest, got.headers().firstValue("Docker-Content-Digest").orElseThrow());
      assertEquals(
          ManifestDocument.OCI_MANIFEST, got.headers().firstValue("Content-Type").orElseThrow());
    }
    assertEquals(110, house.registry.images("team/app").getFirst().sizeBytes());
    assertEquals(202, house.send("DELETE", "/v2/team/app/manifests/v1", NOTHING).statusCode());
    assertError(404, "MANIFEST_UNKNOWN", house.get("/v2/team/app/manifests/v1"));
    assertEquals(200, house.get("/v2/team/app/manifests/" + digest).statusCode());
    assertEquals(
        202, house.send("DELETE", "/v2/team/app/manifests/" + digest, NOTHING).statusCode());
    assertError(404, "MANIFEST_UNKNOWN", house.get("/v2/team/app/manifests/" + digest));
  }

  @Test
  void everythingIsThereAfterARestart() {
    Digest config = house.pushBlob("a", "{}".getBytes(UTF_8));
    byte[] manifest = manifest(config);
    house.putManifest("a", "latest", manifest);
    house.close();
    house = new TestingRegistry(root);
    assertArrayEquals(manifest, house.get("/v2/a/manifests/latest").body());
    assertArrayEquals("{}".getBytes(UTF_8), house.get("/v2/a/blobs/" + config).body());
    assertEquals("{\"repositories\":[\"a\"]}", text(house.get("/v2/_catalog")));
  }

  @Test
  void manifestsWithMissingPartsOrStrangeFormsAreRefused() {
    Digest config = house.pushBlob("a", "{}".getBytes(UTF_8));
    Digest missing = Digest.of("missing".getBytes(UTF_8));
    assertError(
        404, "MANIFEST_BLOB_UNKNOWN", house.putManifest("a", "x", manifest(config, missing)));
    assertError(400, "MANIFEST_INVALID", house.putManifest("a", "x", "{".getBytes(UTF_8)));
    assertError(400, "MANIFEST_INVALID", house.putManifest("a", "x", "{}".getBytes(UTF_8)));
    assertError(400, "TAG_INVALID", house.putManifest("a", "-x", manifest(config)));
    assertError(400, "DIGEST_INVALID", house.putManifest("a", missing.value(), manifest(config)));
    assertError(400, "NAME_INVALID", house.putManifest("A", "x", manifest(config)));
    assertError(413, "MANIFEST_INVALID", house.putManifest("a", "x", new byte[(4 << 20) + 1]));
    assertEquals("{\"repositories\":[]}", text(house.get("/v2/_catalog")));
  }

  @Test
  void anIndexNeedsItsManifests() {
    Digest config = house.pushBlob("a", "{}".getBytes(UTF_8));
    byte[] manifest = manifest(config);
    var index = Json.object().put("schemaVersion", 2);
    index.put("mediaType", ManifestDocument.OCI_INDEX);
    index.putArray("manifests").addObject().put("digest", Digest.of(manifest).value());
    byte[] bytes = Json.write(index).getBytes(UTF_8);
    String[] type = {"Content-Type", ManifestDocument.OCI_INDEX};
    assertError(
        404, "MANIFEST_BLOB_UNKNOWN", house.send("PUT", "/v2/a/manifests/multi", bytes, type));
    house.putManifest("a", Digest.of(manifest).value(), manifest);
    assertEquals(201, house.send("PUT", "/v2/a/manifests/multi", bytes, type).statusCode());
  }

  @Test
  void mountsAndDeletesOfBlobs() {
    Digest blob = house.pushBlob("a", "{}".getBytes(UTF_8));
    var mounted = house.send("POST", "/v2/b/blobs/uploads/?mount=" + blob + "&from=a", NOTHING);
    assertEquals(201, mounted.statusCode());
    assertEquals("/v2/b/blobs/" + blob, location(mounted));
    Digest none = Digest.of("none".getBytes(UTF_8));
    var missing = house.send("POST", "/v2/b/blobs/uploads/?mount=" + none + "&from=a", NOTHING);
    assertEquals(202, missing.statusCode());
    house.putManifest("b", "v", manifest(blob));
    assertError(405, "UNSUPPORTED", house.send("DELETE", "/v2/b/blobs/" + blob, NOTHING));
    Digest free = house.pushBlob("a", "free".getBytes(UTF_8));
    assertEquals(202, house.send("DELETE", "/v2/a/blobs/" + free, NOTHING).statusCode());
    assertError(404, "BLOB_UNKNOWN", house.get("/v2/a/blobs/" + free));
  }

  @Test
  void listsComeInPages() {
    Digest config = house.pushBlob("a", "{}".getBytes(UTF_8));
    for (String tag : List.of("v3", "v1", "v2", "latest", "v0")) {
      house.putManifest("a", tag, manifest(config));
    }
    List<String> pages = new ArrayList<>();
    String next = "/v2/a/tags/list?n=2";
    while (!next.isEmpty()) {
      var page = house.get(next);
      pages.add(Json.parse(page.body()).path("tags").toString());
      next =
          page.headers()
              .firstValue("Link")
              .map(link -> link.substring(1, link.indexOf('>')))
              .orElse("");
    }
    assertEquals(List.of("[\"latest\",\"v0\"]", "[\"v1\",\"v2\"]", "[\"v3\"]"), pages);
    assertError(404, "NAME_UNKNOWN", house.get("/v2/none/tags/list"));
    assertError(400, "PAGINATION_NUMBER_INVALID", house.get("/v2/a/tags/list?n=-1"));
    house.putManifest("b", "x", manifest(config));
    assertEquals("{\"repositories\":[\"a\"]}", text(house.get("/v2/_catalog?n=1")));
    assertEquals("{\"repositories\":[\"b\"]}", text(house.get("/v2/_catalog?n=1&last=a")));
  }

  @Test
  void referrersAreFoundByTheirSubject() {
    Digest config = house.pushBlob("a", "{}".getBytes(UTF_8));
    byte[] image = manifest(config);
    house.putManifest("a", "image", image);
    var signature = (ObjectNode) Json.parse(manifest(config));
    signature.put("artifactType", "application/x-signature");
    signature.putObject("subject").put("digest", Digest.of(image).value());
    byte[] bytes = Json.write(signature).getBytes(UTF_8);
    var put = house.putManifest("a", Digest.of(bytes).value(), bytes);
    assertEquals(Digest.of(image).value(), put.headers().firstValue("OCI-Subject").orElseThrow());
    String path = "/v2/a/referrers/" + Digest.of(image);
    var found = Json.parse(house.get(path).body()).path("manifests");
    assertEquals(1, found.size());
    assertEquals(Digest.of(bytes).value(), found.get(0).path("digest").asText());
    var none = house.get(path + "?artifactType=other");
    assertEquals(0, Json.parse(none.body()).path("manifests").size());
    assertEquals("artifactType", none.headers().firstValue("OCI-Filters-Applied").orElseThrow());
  }

  @Test
  void namesMayHoldTheWordsOfPaths() {
    Digest config = house.pushBlob("blobs/uploads/manifests", "{}".getBytes(UTF_8));
    var put = house.putManifest("blobs/uploads/manifests", "tags", manifest(config));
    assertEquals(201, put.statusCode());
    assertEquals(200, house.get("/v2/blobs/uploads/manifests/manifests/tags").statusCode());
    assertTrue(house.registry.repository("blobs/uploads/manifests").isPresent());
    assertFalse(house.registry.repository("blobs").isPresent());
    assertEquals(404, house.get("/v2/a/other/b").statusCode());
    assertEquals(405, house.send("POST", "/v2/a/manifests/x", NOTHING).statusCode());
  }

  private static String location(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new AssertionError(response.statusCode() + " " + text(response)));
  }

  static void assertError(int status, String code, HttpResponse<byte[]> response) {
    assertEquals(status, response.statusCode(), () -> text(response));
    var error = Json.parse(response.body()).path("errors").path(0);
    assertEquals(code, error.path("code").asText());
    assertFalse(error.path("message").asText().isEmpty());
  }
}
