package dev.esteira.aws;

import dev.esteira.access.Access;
import dev.esteira.access.LedgerAccess;
import dev.esteira.base.Commands;
import dev.esteira.base.Digest;
import dev.esteira.base.Home;
import dev.esteira.blob.DiskBlobStore;
import dev.esteira.fleet.PublicAddresses;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.registry.OciRegistry;
import dev.esteira.registry.Registry;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The AWS door on a real server with a real registry behind it, and the real command lines. */
final class TestingAws implements AutoCloseable {
  /** Debian's, and a version 1 that {@code ./esteira test} keeps under target/. */
  static final List<String> PROGRAMS =
      List.of(
          "/usr/bin/aws",
          Optional.ofNullable(System.getenv("ESTEIRA_AWS_V1"))
              .orElse(System.getProperty("esteira.root") + "/target/tools/aws-v1/bin/aws"));

  final Access access;
  final Registry registry;
  final EksTokens tokens;
  final Clouds clouds;
  final AwsApi api;
  final int port;
  final List<PublicAddresses.Address> allocations = new CopyOnWriteArrayList<>();
  final List<String> notices = new CopyOnWriteArrayList<>();
  private final JettyHttpServer server;
  private final Path directory;

  TestingAws(Path directory) {
    this(directory, new TestingLedger(), _ -> List.of());
  }

  /** {@code more} is asked for further features when the rest of this is there. */
  TestingAws(Path directory, Ledger ledger, Function<TestingAws, List<AwsFeature>> more) {
    this.directory = directory;
    Home home = new Home(directory.resolve("home"));
    InstantSource clock = InstantSource.system();
    this.access = new LedgerAccess(home, ledger, clock);
    this.registry =
        new OciRegistry(
            new DiskBlobStore(home.blobs(), clock), ledger, access, clock, "http://localhost");
    this.clouds = new Clouds(ledger, clock);
    this.api =
        new AwsApi(
            new AwsApi.Parts(
                access,
                registry,
                ledger,
                () -> new AwsApi.ClusterEndpoint("https://10.77.0.1:6443", "PEM\n", "1.32"),
                (principal, line) -> notices.add(principal.name() + ": " + line),
                clock,
                features(more.apply(this))));
    this.tokens = new EksTokens(access, ledger, clock);
    this.server = new JettyHttpServer("aws", api.handler());
    this.port = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private List<AwsFeature> features(List<AwsFeature> more) {
    List<AwsFeature> features = new ArrayList<>(more);
    features.add(new Ec2Network(clouds, access, this::allocation));
    return features;
  }

  private Optional<PublicAddresses.Address> allocation(String id) {
    return allocations.stream().filter(each -> each.allocationId().equals(id)).findFirst();
  }

  Access.AwsKey job() {
    return access.issueKey(new Access.Principal("job/7", Optional.of("app")), Duration.ofHours(1));
  }

  /** Runs a command line of AWS against the door with a key; {@code line} is split at spaces. */
  Commands.Result aws(String program, Access.AwsKey key, String line, String... more) {
    return run(program, key, "", line, more);
  }

  /** What the credential helper answers to git. */
  String codeCommit(String program, Access.AwsKey key, String host, String path) {
    String question = "protocol=https\nhost=" + host + "\npath=" + path + "\n\n";
    return run(program, key, question, "codecommit credential-helper get").output();
  }

  private Commands.Result run(
      String program, Access.AwsKey key, String input, String line, String... more) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.remove("AWS_PROFILE");
    environment.remove("AWS_SESSION_TOKEN");
    environment.put("HOME", directory.toString());
    environment.put("AWS_ACCESS_KEY_ID", key.accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
    environment.put("AWS_DEFAULT_REGION", "us-east-1");
    environment.put("AWS_PAGER", "");
    environment.put("no_proxy", "*");
    environment.put("AWS_MAX_ATTEMPTS", "1");
    List<String> arguments = new ArrayList<>(List.of("--endpoint-url", "http://127.0.0.1:" + port));
    arguments.addAll(List.of(line.split(" ")));
    arguments.addAll(List.of(more));
    return AwsClient.of(program).run(environment, arguments, input);
  }

  String ok(String program, Access.AwsKey key, String line, String... more) {
    Commands.Result result = aws(program, key, line, more);
    if (!result.ok()) {
      throw new AssertionError(line + ": " + result.output());
    }
    return result.output();
  }

  /** Puts a small image under tags and returns its digest. */
  Digest image(String repository, String content, String... tags) {
    byte[] config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"c\":\"" + content + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    registry.putBlob(Digest.of(config), new ByteArrayInputStream(config));
    String type = "application/vnd.oci.image.manifest.v1+json";
    byte[] manifest =
        ("{\"schemaVersion\":2,\"mediaType\":\""
                + type
                + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                + "\"digest\":\""
                + Digest.of(config)
                + "\",\"size\":"
                + config.length
                + "},\"layers\":[]}")
            .getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(manifest);
    for (String tag : tags) {
      digest = registry.putManifest(repository, Optional.of(tag), type, manifest, "admin");
    }
    return digest;
  }

  @Override
  public void close() {
    server.close();
  }
}
