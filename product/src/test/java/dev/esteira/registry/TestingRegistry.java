package dev.esteira.registry;

import dev.esteira.access.Access;
import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Digest;
import dev.esteira.base.Home;
import dev.esteira.base.Json;
import dev.esteira.blob.DiskBlobStore;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.store.Ledger;
import dev.esteira.store.SqliteLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/** A whole registry on a port of loopback, over the real ledger, access, blobs and server. */
public final class TestingRegistry implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Ledger ledger;
  private final JettyHttpServer server;
  public final Access access;
  public final OciRegistry registry;
  public final int port;

  public TestingRegistry(Path root) {
    this(root, root.resolve("blobs"), 0, InstantSource.system());
  }

  TestingRegistry(Path root, Path blobs, int port, InstantSource clock) {
    Home home = new Home(root);
    ledger = SqliteLedger.open(home.ledger());
    access = new LedgerAccess(home, ledger, clock);
    registry =
        new OciRegistry(new DiskBlobStore(blobs, clock), ledger, access, clock, "http://localhost");
    server = new JettyHttpServer("registry", registry.handler());
    this.port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  public String host() {
    return "127.0.0.1:" + port;
  }

  public String tokenOf(String principal) {
    return access.issueToken(
        new Access.Principal(principal, Optional.empty()), Duration.ofHours(1));
  }

  static String basic(String password) {
    String pair = "anyone:" + password;
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  /** Sends as the administrator; headers come in pairs. */
  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    return sendAs(basic(access.adminToken()), method, path, body, headers);
  }

  HttpResponse<byte[]> sendAs(
      String authorization, String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + host() + path))
            .method(method, BodyPublishers.ofByteArray(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  /** Pushes a blob in a single POST. */
  Digest pushBlob(String repository, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    var pushed = send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, bytes);
    if (pushed.statusCode() != 201) {
      throw new AssertionError(pushed.statusCode() + " " + text(pushed));
    }
    return digest;
  }

  static byte[] manifest(Digest config, Digest... layers) {
    var json =
        Json.object().put("schemaVersion", 2).put("mediaType", ManifestDocument.OCI_MANIFEST);
    json.putObject("config")
        .put("mediaType", "application/vnd.oci.image.config.v1+json")
        .put("digest", config.value())
        .put("size", 10);
    var list = json.putArray("layers");
    for (Digest layer : layers) {
      list.addObject()
          .put("mediaType", "application/vnd.oci.image.layer.v1.tar")
          .put("digest", layer.value())
          .put("size", 100);
    }
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> putManifest(String repository, String reference, byte[] manifest) {
    return send(
        "PUT",
        "/v2/" + repository + "/manifests/" + reference,
        manifest,
        "Content-Type",
        ManifestDocument.OCI_MANIFEST);
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
    server.close();
    ledger.close();
  }
}
